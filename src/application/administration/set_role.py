"""Set the role of a user (docs/flow.md, S7)."""

from dataclasses import dataclass

from latchkey.application.mail.notices import Notices
from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRole:
    """Set a role. Sessions stay active, and get the new role with their next refresh."""

    units: UnitsOfWork
    notices: Notices
    clock: Clock

    async def __call__(self, user_id: UserId, role: Role, source: RequestSource) -> bool:
        """Set a user's role.

        Returns:
            Whether the user exists.
        """
        now = self.clock.now()
        async with self.units.begin() as unit:
            user = await unit.users.set_role(user_id, role)
            if user is None:
                return False
            await self.notices.write(unit, MailKind.ROLE_CHANGED, user, now, role=role)
            await unit.audit.append(
                event(AuditAction.ROLE_CHANGED, now, source, user_id=user_id, role=role)
            )
            await unit.commit()
        return True
