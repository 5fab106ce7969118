"""Remove the second factors of a user who has lost them (docs/flow.md, Y17)."""

from dataclasses import dataclass

from latchkey.application.administration.end_sessions import end_sessions
from latchkey.application.factors.forget_devices import forget_devices
from latchkey.application.mail.notices import Notices
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetFactors:
    """Remove all factors and recovery codes, then end all sessions of the user.

    As soon as the first transaction is committed, the password alone signs the user in.
    """

    units: UnitsOfWork
    notices: Notices
    clock: Clock

    async def __call__(self, user: User, source: RequestSource) -> bool:
        """Remove the factors.

        Returns:
            Whether there was a confirmed one. If not, nothing has changed.
        """
        now = self.clock.now()
        async with self.units.begin() as unit:
            await unit.users.lock(user.id)
            if not await unit.factors.remove(user.id):
                return False
            await forget_devices(unit, user.id, now, source)
            await self.notices.write(unit, MailKind.SECOND_FACTORS_REMOVED, user, now)
            await unit.audit.append(
                event(AuditAction.SECOND_FACTORS_REMOVED, now, source, user_id=user.id)
            )
            await unit.commit()
        await end_sessions(self.units, self.clock, user.id, EndReason.REVOKED, source)
        return True
