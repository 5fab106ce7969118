"""The port to the sessions of one user, as that user or an administrator sees them."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from datetime import datetime, timedelta

from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import Session
from latchkey.domain.sessions.session_id import SessionId


class UserSessionRepository(ABC):
    """Lists and ends the sessions of one user. Each method is one atomic step."""

    @abstractmethod
    async def page_of(
        self,
        user_id: UserId,
        *,
        now: datetime,
        idle: timedelta,
        after: Position | None,
        limit: int,
    ) -> Page[Session]:
        """Return the active sessions of a user, newest first.

        Args:
            user_id: Whose sessions.
            now: The instant at which a session must not have expired, aware UTC.
            idle: The idle lifetime, which decides whether a session is active.
            after: Where the previous page ended, or None for the first page.
            limit: The maximum number of sessions, 1 to 100.
        """

    @abstractmethod
    async def end(
        self, user_id: UserId, session_ids: Collection[SessionId], reason: EndReason
    ) -> tuple[SessionId, ...]:
        """End those sessions that belong to the user and are not ended yet; ignore the others.

        Returns:
            The ids of the sessions that this call has ended, newest first.
        """
