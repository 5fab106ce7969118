"""End sessions that a user chooses among their own (docs/flow.md, SE2)."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import RequestSource, session_ended
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import SessionPolicy
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.sessions.user_sessions import UserSessionRepository
from latchkey.domain.unit_of_work import UnitsOfWork

_AT_ONCE: Final = 100


class Scope(StrEnum):
    """Which of a user's sessions end.

    Attributes:
        OTHERS: All but the one that the request belongs to.
        ALL: All of them.
    """

    OTHERS = "others"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSessionsCommand:
    """Request to end sessions.

    Attributes:
        by: The signed-in user.
        chosen: The sessions to end. Those of other users are ignored.
    """

    by: Principal
    chosen: Scope | Collection[SessionId]
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSessions:
    """End sessions of the signed-in user, durably before responding."""

    current_user: CurrentUser
    sessions: UserSessionRepository
    units: UnitsOfWork
    clock: Clock
    policy: SessionPolicy

    async def __call__(self, command: EndSessionsCommand) -> int:
        """End the chosen sessions.

        Returns:
            How many sessions this call has ended.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            StorageUnavailableError: It is not known which sessions ended; ask again.
        """
        user = await self.current_user(command.by)
        if not isinstance(command.chosen, Scope):
            return await self._end(user.id, command.chosen, command.source)
        kept = {command.by.session_id} if command.chosen is Scope.OTHERS else set()
        ended = 0
        async for batch in self._batches(user.id):
            ended += await self._end(user.id, batch - kept, command.source)
        return ended

    async def _batches(self, user_id: UserId) -> AsyncIterator[set[SessionId]]:
        now, idle, after = self.clock.now(), self.policy.idle, None
        while True:
            page = await self.sessions.page_of(
                user_id, now=now, idle=idle, after=after, limit=_AT_ONCE
            )
            yield {session.id for session in page.items}
            after = page.next
            if after is None:
                return

    async def _end(
        self, user_id: UserId, chosen: Collection[SessionId], source: RequestSource
    ) -> int:
        now, reason = self.clock.now(), EndReason.REVOKED
        async with self.units.begin() as unit:
            ended = await unit.user_sessions.end(user_id, chosen, reason)
            if ended:
                await unit.audit.append(*session_ended(now, source, reason, user_id, *ended))
                await unit.commit()
        return len(ended)
