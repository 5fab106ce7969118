"""Disable a user (docs/flow.md, S7)."""

from dataclasses import dataclass

from latchkey.application.administration.end_sessions import end_sessions
from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableUser:
    """Disable a user, then end all of their sessions.

    As soon as the first transaction is committed, the user can neither log in nor refresh, however
    many sessions are left to end.
    """

    units: UnitsOfWork
    clock: Clock

    async def __call__(self, user_id: UserId, source: RequestSource) -> bool:
        """Disable a user. On return the user can neither log in nor refresh.

        Returns:
            Whether the user exists.
        """
        now = self.clock.now()
        async with self.units.begin() as unit:
            if not await unit.users.disable(user_id, now):
                return False
            await unit.audit.append(event(AuditAction.USER_DISABLED, now, source, user_id=user_id))
            await unit.commit()
        await end_sessions(self.units, self.clock, user_id, EndReason.USER_DISABLED, source)
        return True
