"""Enable a disabled user (docs/flow.md, S7)."""

from dataclasses import dataclass

from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableUser:
    """Let a disabled user log in again. Sessions that were ended stay ended."""

    units: UnitsOfWork
    clock: Clock

    async def __call__(self, user_id: UserId, source: RequestSource) -> bool:
        """Enable a user; does nothing if the user is enabled.

        Returns:
            Whether the user exists.
        """
        now = self.clock.now()
        async with self.units.begin() as unit:
            if not await unit.users.enable(user_id):
                return False
            await unit.audit.append(event(AuditAction.USER_ENABLED, now, source, user_id=user_id))
            await unit.commit()
        return True
