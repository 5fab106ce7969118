"""Set the password of a user (docs/flow.md, S7)."""

from dataclasses import dataclass

from latchkey.application.administration.end_sessions import end_sessions
from latchkey.application.factors.forget_devices import forget_devices
from latchkey.application.mail.notices import Notices
from latchkey.domain.accounts.password import (
    Password,
    PasswordBlocklist,
    PasswordHasher,
    check_new_password,
)
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword:
    """Set a password, then end all sessions of the user.

    As soon as the first transaction is committed, the old password no longer works, however many
    sessions are left to end.
    """

    blocklist: PasswordBlocklist
    hasher: PasswordHasher
    units: UnitsOfWork
    notices: Notices
    clock: Clock

    async def __call__(self, user: User, password: Password, source: RequestSource) -> None:
        """Set a password. On return, no session that was opened with the old one is active.

        Raises:
            InvalidInputError: The password is not acceptable.
        """
        check_new_password(
            password, name=user.name, email=user.email.text, blocklist=self.blocklist
        )
        password_hash = await self.hasher.hash(password)
        now = self.clock.now()
        async with self.units.begin() as unit:
            await unit.password_credentials.change_password(user.id, password_hash)
            await forget_devices(unit, user.id, now, source)
            await self.notices.write(unit, MailKind.PASSWORD_CHANGED, user, now)
            await unit.audit.append(
                event(AuditAction.PASSWORD_CHANGED, now, source, user_id=user.id)
            )
            await unit.commit()
        await end_sessions(self.units, self.clock, user.id, EndReason.REVOKED, source)
