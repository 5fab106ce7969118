"""Delete the own account (docs/flow.md, AC1 to AC4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.accounts.erase_account import erase_account
from latchkey.application.mail.notices import Notices
from latchkey.application.passwords.current_password import CurrentPassword
from latchkey.domain.accounts.errors import PasswordIncorrectError
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import (
    AuditAction,
    AuditEvent,
    RequestSource,
    event,
    session_ended,
)
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteAccountCommand:
    """Request to delete the own account.

    Attributes:
        by: The signed-in user.
        current: The current password, as typed.
    """

    by: Principal
    current: Password
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteAccount:
    """Erase the signed-in user, and end all of their sessions and links: all or nothing.

    Orders and audit events keep the user's id.
    """

    current_user: CurrentUser
    current_password: CurrentPassword
    units: UnitsOfWork
    notices: Notices
    clock: Clock

    async def __call__(self, command: DeleteAccountCommand) -> None:
        """Delete the account. On return the user cannot log in, and the address is free.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            ReauthenticationRequiredError: The user has a second factor, and has to sign in again
                first.
            TooManyAttemptsError: Too many passwords were tried in this session.
            PasswordIncorrectError: The current password is wrong. The session is kept.
            PasswordHasherBusyError: Too many passwords are queued. The attempt does not count.
            LastAdminError: The user is the only enabled administrator.
            StorageUnavailableError: It is unknown whether the account was deleted.
        """
        user = await self.current_user(command.by)
        async with self.current_password.checked(
            user, command.by, command.current, command.source
        ) as credential:
            now = self.clock.now()
        async with self.units.begin() as unit:
            await unit.users.lock_administration()
            user = await self._held(unit, credential, command)
            ended = await erase_account(unit, user.id, now)
            await self.notices.write(unit, MailKind.ACCOUNT_DELETED, user, now)
            await unit.audit.append(*self._events(now, command, ended))
            await unit.commit()

    async def _held(
        self, unit: UnitOfWork, credential: PasswordCredential, command: DeleteAccountCommand
    ) -> User:
        """Return the user, locked, if the password that was checked still is the current one."""
        user = await self.current_user.hold(command.by, unit)
        found = await unit.password_credentials.by_email(user.email)
        if found is None or found.password_version != credential.password_version:
            raise PasswordIncorrectError
        return user

    def _events(
        self, now: datetime, command: DeleteAccountCommand, ended: Sequence[SessionId]
    ) -> tuple[AuditEvent, ...]:
        by, source = command.by, command.source
        deleted = AuditAction.USER_DELETED
        return (
            event(deleted, now, source, user_id=by.id, session_id=by.session_id),
            *session_ended(now, source, EndReason.ACCOUNT_DELETED, by.id, *ended),
        )
