"""Enable a disabled user (docs/flow.md, S7)."""

from dataclasses import dataclass

from latchkey.application.mail.notices import Notices
from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableUser:
    """Let a disabled user log in again. Sessions that were ended stay ended."""

    units: UnitsOfWork
    notices: Notices
    clock: Clock

    async def __call__(self, user_id: UserId, source: RequestSource) -> bool:
        """Enable a user; does nothing if the user is enabled.

        Returns:
            Whether the user exists.
        """
        now = self.clock.now()
        async with self.units.begin() as unit:
            user = await unit.users.enable(user_id)
            if user is None:
                return False
            await self.notices.write(unit, MailKind.ACCOUNT_ENABLED, user, now)
            await unit.audit.append(event(AuditAction.USER_ENABLED, now, source, user_id=user_id))
            await unit.commit()
        return True
