"""Disable a user (docs/flow.md, S7)."""

from dataclasses import dataclass

from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditAction, RequestSource, event, session_ended
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableUser:
    """Disable a user and end all of their sessions, in one transaction."""

    units: UnitsOfWork
    clock: Clock

    async def __call__(self, user_id: UserId, source: RequestSource) -> bool:
        """Disable a user. On return the user can neither log in nor refresh.

        Returns:
            Whether the user exists.
        """
        now, reason = self.clock.now(), EndReason.USER_DISABLED
        async with self.units.begin() as unit:
            if not await unit.users.disable(user_id, now):
                return False
            ended = await unit.sessions.end_all(user_id, reason)
            await unit.audit.append(
                event(AuditAction.USER_DISABLED, now, source, user_id=user_id),
                *session_ended(now, source, reason, user_id, *ended),
            )
            await unit.commit()
        return True
