"""Set the password of a user (docs/flow.md, S7)."""

from dataclasses import dataclass

from latchkey.domain.accounts.password import (
    Password,
    PasswordBlocklist,
    PasswordHasher,
    check_new_password,
)
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction, RequestSource, event, session_ended
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword:
    """Set a password and end all sessions of the user, in one transaction."""

    blocklist: PasswordBlocklist
    hasher: PasswordHasher
    units: UnitsOfWork
    clock: Clock

    async def __call__(self, user: User, password: Password, source: RequestSource) -> None:
        """Set a password. On return, no session that was opened with the old one is active.

        Raises:
            InvalidInputError: The password is not acceptable.
        """
        check_new_password(password, email=user.email.text, blocklist=self.blocklist)
        password_hash = await self.hasher.hash(password)
        now, reason = self.clock.now(), EndReason.REVOKED
        async with self.units.begin() as unit:
            await unit.password_credentials.change_password(user.id, password_hash)
            ended = await unit.sessions.end_all(user.id, reason)
            await unit.audit.append(
                event(AuditAction.PASSWORD_CHANGED, now, source, user_id=user.id),
                *session_ended(now, source, reason, user.id, *ended),
            )
            await unit.commit()
