"""Give a user another role."""

from dataclasses import dataclass

from domain.audit import AuditAction, Caller, event
from domain.clock import Clock
from domain.user import Role, UserId
from domain.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRole:
    """Change a role. Sessions live on: their next refresh brings the new role."""

    work: UnitOfWork
    clock: Clock

    async def __call__(self, user_id: UserId, role: Role, caller: Caller) -> bool:
        """Change a user's role.

        Returns:
            Whether there is such a user.
        """
        now = self.clock.now()
        async with self.work.begin() as work:
            if not await work.users.change(user_id, role=role):
                return False
            await work.audit.append(
                event(AuditAction.ROLE_CHANGED, now, caller, user_id=user_id, role=role)
            )
            await work.commit()
        return True
