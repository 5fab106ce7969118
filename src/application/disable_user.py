"""Shut a user out."""

from dataclasses import dataclass

from domain.audit import AuditAction, Caller, event, session_ended
from domain.clock import Clock
from domain.errors import EndReason
from domain.user import UserId
from domain.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableUser:
    """Disable a user and end every session of theirs, together."""

    work: UnitOfWork
    clock: Clock

    async def __call__(self, user_id: UserId, caller: Caller) -> bool:
        """Disable a user. Once this returns, no session of theirs can be opened or refreshed.

        Returns:
            Whether there is such a user.
        """
        now, reason = self.clock.now(), EndReason.USER_DISABLED
        async with self.work.begin() as work:
            if not await work.users.change(user_id, disabled_at=now):
                return False
            ended = await work.sessions.end_all(user_id, reason)
            await work.audit.append(
                event(AuditAction.USER_DISABLED, now, caller, user_id=user_id),
                *session_ended(now, caller, reason, user_id, *ended),
            )
            await work.commit()
        return True
