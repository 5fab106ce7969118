"""List where a user is signed in (docs/flow.md, F68)."""

from dataclasses import dataclass

from latchkey.application.administration.get_user import GetUser
from latchkey.application.sessions.list_sessions import ListedSession, SessionList
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUserSessions:
    """List the active sessions of a user, for administrators."""

    get_user: GetUser
    session_list: SessionList

    async def __call__(
        self, principal: Principal | None, user_id: UserId, *, after: Position | None, limit: int
    ) -> Page[ListedSession]:
        """List sessions, newest first.

        Args:
            principal: The administrator, or None for an operator on the command line.
            user_id: Whose sessions.
            after: Where the previous page ended, or None for the first page.
            limit: The maximum number of sessions, 1 to 100.

        Raises:
            AccessTokenStaleError: The administrator's session has ended or role has changed.
            NotFoundError: There is no such user.
        """
        user = await self.get_user(principal, user_id)
        current = principal.session_id if principal else None
        return await self.session_list.of(user.id, current, after=after, limit=limit)
