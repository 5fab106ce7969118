"""Give a user another role."""

from dataclasses import dataclass

from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRole:
    """Change a role. Sessions live on: their next refresh brings the new role."""

    units: UnitsOfWork
    clock: Clock

    async def __call__(self, user_id: UserId, role: Role, source: RequestSource) -> bool:
        """Change a user's role.

        Returns:
            Whether there is such a user.
        """
        now = self.clock.now()
        async with self.units.begin() as unit:
            if not await unit.users.change(user_id, role=role):
                return False
            await unit.audit.append(
                event(AuditAction.ROLE_CHANGED, now, source, user_id=user_id, role=role)
            )
            await unit.commit()
        return True
