"""Change the signed-in user's password (docs/flow.md, CP1 to CP3)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.mail.notices import Notices
from latchkey.application.passwords.current_password import CurrentPassword
from latchkey.application.sessions.replace_sessions import Replacement, ReplaceSessions
from latchkey.application.sessions.token_pair import TokenPair
from latchkey.domain.accounts.errors import PasswordIncorrectError
from latchkey.domain.accounts.password import (
    Password,
    PasswordBlocklist,
    PasswordHash,
    PasswordHasher,
    check_new_password,
)
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import (
    AuditAction,
    AuditEvent,
    RequestSource,
    event,
)
from latchkey.domain.factors.authentication import Means
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.throttling.device import Device, DeviceTokenCodec
from latchkey.domain.unit_of_work import UnitsOfWork

FIELD: Final = "newPassword"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePasswordCommand:
    """Request to change the password.

    Attributes:
        by: The signed-in user.
        current: The current password, as typed; need not be acceptable.
        new: The new password, as typed.
        device_name: A name for the client's device, at most 64 characters, or "" if it is unknown.
    """

    by: Principal
    current: Password
    new: Password
    device_name: str = ""
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged:
    """The tokens of the session that replaces the client's, and the token of its device.

    Attributes:
        device: 76 URL-safe characters.
    """

    tokens: TokenPair
    device: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """Change the password, end all sessions, and open a new one for the client: all or nothing.

    The client's own session ends, too: somebody may have copied its cookie.
    """

    current_user: CurrentUser
    current_password: CurrentPassword
    blocklist: PasswordBlocklist
    hasher: PasswordHasher
    units: UnitsOfWork
    notices: Notices
    replace_sessions: ReplaceSessions
    devices: DeviceTokenCodec
    clock: Clock

    async def __call__(self, command: ChangePasswordCommand) -> PasswordChanged:
        """Change the password. On return no session that was opened with the old one is active.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role or second factor has
                changed.
            InvalidInputError: The new password is not acceptable, or is the current one.
            ReauthenticationRequiredError: The user has a second factor, and has to sign in again
                first.
            TooManyAttemptsError: Too many passwords were tried in this session.
            PasswordIncorrectError: The current password is wrong. The session is kept.
            PasswordHasherBusyError: Too many passwords are queued. The attempt does not count.
            StorageUnavailableError: It is unknown whether the password was changed.
        """
        user = await self.current_user(command.by)
        self._check(user, command)
        async with self.current_password.checked(
            user, command.by, command.current, command.source
        ) as credential:
            new = await self.hasher.hash(command.new)
        return await self._change(credential, new, command)

    def _check(self, user: User, command: ChangePasswordCommand) -> None:
        if command.new.reveal() == command.current.reveal():
            raise InvalidInputError(Violation(FIELD, "must not be the current password"))
        check_new_password(
            command.new,
            name=user.name,
            email=user.email.text,
            blocklist=self.blocklist,
            field=FIELD,
        )

    async def _change(
        self, credential: PasswordCredential, new: PasswordHash, command: ChangePasswordCommand
    ) -> PasswordChanged:
        now = self.clock.now()
        async with self.units.begin() as unit:
            user = await self.current_user.hold(command.by, unit)
            version = await unit.password_credentials.change_password(user.id, new)
            if version != credential.password_version + 1:  # somebody else was faster
                raise PasswordIncorrectError
            session = _replacement(
                replace(credential, user=user, password_version=version), command, now
            )
            cause = _changed(now, command)
            tokens = await self.replace_sessions(unit, session, now, cause)
            await self.notices.write(unit, MailKind.PASSWORD_CHANGED, user, now)
            await unit.commit()
        device = Device.after_login(None, version, now)
        return PasswordChanged(
            tokens=tokens, device=self.devices.encode(device, user.email.canonical)
        )


def _changed(now: datetime, command: ChangePasswordCommand) -> AuditEvent:
    by, action = command.by, AuditAction.PASSWORD_CHANGED
    return event(action, now, command.source, user_id=by.id, session_id=by.session_id)


def _replacement(
    credential: PasswordCredential, command: ChangePasswordCommand, now: datetime
) -> Replacement:
    """Return the session that replaces all others.

    The password that was proven just now is all that a session with one factor stands for. A second
    factor was not proven again: so a session with two stays as old as it is.
    """
    means = command.by.means
    return Replacement(
        user=credential.user,
        means=means,
        signed_in_at=now if means is Means.PASSWORD else command.by.signed_in_at,
        password_version=credential.password_version,
        has_second_factor=credential.has_second_factor,
        device_name=command.device_name,
        source=command.source,
    )
