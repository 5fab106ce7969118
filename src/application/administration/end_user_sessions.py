"""End sessions of any user (docs/flow.md, AD6)."""

from collections.abc import Collection
from dataclasses import dataclass

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.administration.end_sessions import BATCH
from latchkey.application.administration.get_user import GetUser
from latchkey.application.mail.notices import Notices
from latchkey.domain.accounts.user import User, UserId
from latchkey.domain.audit.event import COMMAND_LINE, RequestSource, session_ended
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class EndUserSessionsCommand:
    """Request to end sessions of a user.

    Attributes:
        by: The administrator who requests it, or None for an operator on the command line.
        user_id: Whose sessions; those of other users are ignored.
        chosen: The sessions to end, or None for all of them.
    """

    by: Principal | None
    user_id: UserId
    chosen: Collection[SessionId] | None
    source: RequestSource

    @property
    def who(self) -> str:
        """Who requests it, as the audit log names them."""
        return str(self.by.id) if self.by else COMMAND_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class EndUserSessions:
    """End sessions of a user durably before responding, and tell the user once by mail."""

    current_user: CurrentUser
    get_user: GetUser
    units: UnitsOfWork
    notices: Notices
    clock: Clock

    async def __call__(self, command: EndUserSessionsCommand) -> int:
        """End the chosen sessions.

        Returns:
            How many sessions this call has ended.

        Raises:
            AccessTokenStaleError: The administrator's session has ended or role has changed.
            NotFoundError: There is no such user.
            StorageUnavailableError: It is not known which sessions ended; ask again.
        """
        user = await self.get_user(command.by, command.user_id)
        total, is_over = 0, False
        while not is_over:
            ended = await self._end(user, command, is_first=total == 0)
            total += ended
            is_over = command.chosen is not None or ended < BATCH
        return total

    async def _end(self, user: User, command: EndUserSessionsCommand, *, is_first: bool) -> int:
        now, reason = self.clock.now(), EndReason.REVOKED
        async with self.units.begin() as unit:
            if is_first and command.by:  # it may be one of the administrator's own sessions
                await self.current_user.hold(command.by, unit)
            ended = await _end_chosen(unit, user, command.chosen)
            if not ended:
                return 0
            if is_first:
                await self.notices.write(unit, MailKind.SESSIONS_ENDED, user, now)
            events = session_ended(now, command.source, reason, user.id, *ended, by=command.who)
            await unit.audit.append(*events)
            await unit.commit()
        return len(ended)


async def _end_chosen(
    unit: UnitOfWork, user: User, chosen: Collection[SessionId] | None
) -> tuple[SessionId, ...]:
    if chosen is None:
        return await unit.sessions.end_all(user.id, EndReason.REVOKED, limit=BATCH)
    return await unit.user_sessions.end(user.id, chosen, EndReason.REVOKED)
