"""Give a user another password."""

from dataclasses import dataclass

from domain.audit import AuditAction, Caller, event, session_ended
from domain.clock import Clock
from domain.errors import EndReason
from domain.password import Password, PasswordBlocklist, PasswordHasher, check_new
from domain.user import User
from domain.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """Set a password and end every session that was opened with the old one, together."""

    blocklist: PasswordBlocklist
    hasher: PasswordHasher
    work: UnitOfWork
    clock: Clock

    async def __call__(self, user: User, password: Password, caller: Caller) -> None:
        """Change the password. Once this returns, the old one opens and keeps no session.

        Raises:
            InvalidInputError: The password is not acceptable.
        """
        check_new(password, email=user.email.text, blocklist=self.blocklist)
        password_hash = await self.hasher.hash(password)
        now, reason = self.clock.now(), EndReason.REVOKED
        async with self.work.begin() as work:
            await work.credentials.change_password(user.id, password_hash)
            ended = await work.sessions.end_all(user.id, reason)
            await work.audit.append(
                event(AuditAction.PASSWORD_CHANGED, now, caller, user_id=user.id),
                *session_ended(now, caller, reason, user.id, *ended),
            )
            await work.commit()
