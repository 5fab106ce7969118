"""Change the signed-in user's password (docs/flow.md, CP1 to CP3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.mail.notices import Notices
from latchkey.application.passwords.current_password import CurrentPassword
from latchkey.application.sessions.token_pair import TokenPair, TokenPairIssuer
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
    session_ended,
)
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import AccessTokenStaleError
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import Session, SessionPolicy, UserSession
from latchkey.domain.sessions.session_id import SessionId
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
    issuer: TokenPairIssuer
    devices: DeviceTokenCodec
    clock: Clock
    policy: SessionPolicy

    async def __call__(self, command: ChangePasswordCommand) -> PasswordChanged:
        """Change the password. On return no session that was opened with the old one is active.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role or second factor has
                changed.
            InvalidInputError: The new password is not acceptable, or is the current one.
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
        token = RefreshToken.first(now, self.policy.absolute, command.by.level)
        async with self.units.begin() as unit:
            user = await self.current_user.hold(command.by, unit)
            version = await unit.password_credentials.change_password(user.id, new)
            if version != credential.password_version + 1:  # somebody else was faster
                raise PasswordIncorrectError
            ended = await unit.sessions.end_all(user.id, EndReason.REVOKED)
            session = Session.begin(token, user.id, now)
            has_factor = credential.has_second_factor
            if not await unit.sessions.add(
                session, password_version=version, has_second_factor=has_factor
            ):
                raise AccessTokenStaleError
            await self.notices.write(unit, MailKind.PASSWORD_CHANGED, user, now)
            await unit.audit.append(*self._events(now, command, session.id, ended))
            await unit.commit()
        opened = UserSession(session=session, user=user)
        device = Device.after_login(None, version, now)
        return PasswordChanged(
            tokens=self.issuer.issue(opened, token, now),
            device=self.devices.encode(device, user.email.canonical),
        )

    def _events(
        self,
        now: datetime,
        command: ChangePasswordCommand,
        opened: SessionId,
        ended: Sequence[SessionId],
    ) -> tuple[AuditEvent, ...]:
        source, reason = command.source, EndReason.REVOKED
        name = {"device": command.device_name} if command.device_name else {}
        return (
            self._event(AuditAction.PASSWORD_CHANGED, now, command),
            *session_ended(now, source, reason, command.by.id, *ended),
            event(
                AuditAction.LOGIN_SUCCEEDED,
                now,
                source,
                user_id=command.by.id,
                session_id=opened,
                **name,
            ),
        )

    def _event(
        self, action: AuditAction, now: datetime, command: ChangePasswordCommand
    ) -> AuditEvent:
        by = command.by
        return event(action, now, command.source, user_id=by.id, session_id=by.session_id)
