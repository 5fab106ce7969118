"""Shut a user out."""

from dataclasses import dataclass

from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditAction, RequestSource, event, session_ended
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableUser:
    """Disable a user and end every session of theirs, together."""

    units: UnitsOfWork
    clock: Clock

    async def __call__(self, user_id: UserId, source: RequestSource) -> bool:
        """Disable a user. Once this returns, no session of theirs can be opened or refreshed.

        Returns:
            Whether there is such a user.
        """
        now, reason = self.clock.now(), EndReason.USER_DISABLED
        async with self.units.begin() as unit:
            if not await unit.users.change(user_id, disabled_at=now):
                return False
            ended = await unit.sessions.end_all(user_id, reason)
            await unit.audit.append(
                event(AuditAction.USER_DISABLED, now, source, user_id=user_id),
                *session_ended(now, source, reason, user_id, *ended),
            )
            await unit.commit()
        return True
