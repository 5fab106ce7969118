"""Log in with e-mail and password (docs/flow.md, L1 to L5)."""

from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar

from latchkey.application.sign_in.ask_second_factor import AskSecondFactor
from latchkey.application.sign_in.login_devices import DeviceLoggedIn, LoginDevices
from latchkey.application.sign_in.login_throttle import LoginClient, LoginThrottle
from latchkey.application.sign_in.open_session import LoggedIn, OpenSession, ProvenUser
from latchkey.application.sign_in.remembered_devices import RememberedDevices
from latchkey.domain.accounts.email_address import EmailAddress, EmailAddressParser
from latchkey.domain.accounts.errors import InvalidCredentialsError
from latchkey.domain.accounts.password import Password, PasswordHasher
from latchkey.domain.accounts.password_credential import (
    PasswordCredential,
    PasswordCredentialRepository,
)
from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.audit.log import AuditLog
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.domain.factors.authentication import Authentication
from latchkey.domain.factors.gate import Challenge, Enrolment
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import InvalidInputError, RetryLaterError
from latchkey.domain.throttling.errors import TooManyAttemptsError

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordLoginCommand:
    """Request to log in.

    Attributes:
        email: As typed. It may be no address at all, or even a password: hidden in `repr`.
        password: As typed; need not be acceptable.
        replaces: The refresh tokens that the client holds already; any texts, or none.
        devices: The device tokens that the client holds already; any texts, or none.
        device_name: A name for the client's device, at most 64 characters, or "" if it is unknown.
        remembered: The tokens of remembered devices that the client holds; any texts, or none.
        stands_in: Whether a remembered device is to stand in for a second factor.
    """

    email: str = field(repr=False)
    password: Password
    replaces: tuple[str, ...] = field(default=(), repr=False)
    devices: tuple[str, ...] = field(default=(), repr=False)
    device_name: str = ""
    remembered: tuple[str, ...] = field(default=(), repr=False)
    stands_in: bool = True
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordLogin:
    """Open a session for a client that knows the password of an account."""

    addresses: EmailAddressParser
    throttle: LoginThrottle
    devices: LoginDevices
    credentials: PasswordCredentialRepository
    hasher: PasswordHasher
    audit: AuditLog
    pseudonyms: Pseudonyms
    open_session: OpenSession
    remembered: RememberedDevices
    ask_second_factor: AskSecondFactor
    clock: Clock

    async def __call__(self, command: PasswordLoginCommand) -> DeviceLoggedIn:
        """Check the password and open a session.

        Raises:
            TooManyAttemptsError: Too many logins for this account or from this address. The
                password was not checked.
            InvalidCredentialsError: The account is unknown or disabled, the password is wrong, or
                it was changed during the login. Each case takes the same amount of work.
            SecondFactorRequiredError: The password is right, and the user has a second factor, or
                must have one.
            PasswordHasherBusyError: Too many passwords are queued. The attempt does not count.
            StorageUnavailableError: It is unknown whether the session was opened.
        """
        email = self._address(command.email)
        account = email.canonical if email else command.email
        client = self.devices.client(account, command.source.address, command.devices)
        await self._count(client)  # L2
        found = await self._or_refund(client, self._find(email))
        client = await self._recognized(client, found)
        credential = await self._verify(found, client, command)  # L3
        logged_in = await self._open(credential, client, command)  # L4
        await self._succeed(client)
        await self._upgrade_hash(credential, command.password)  # L5
        return self.devices.logged_in(logged_in, client, credential.password_version)

    def _address(self, text: str) -> EmailAddress | None:
        try:
            return self.addresses.parse(text.strip())  # keyboards of phones add a blank
        except InvalidInputError:
            return None

    async def _count(self, client: LoginClient) -> None:
        wait = await self.throttle.hit(client, self.clock.now())
        if wait is not None:
            raise TooManyAttemptsError(wait)

    async def _or_refund(self, client: LoginClient, step: Awaitable[T]) -> T:
        """Await a step before the password is known to be right or wrong."""
        try:
            return await step
        except RetryLaterError:
            with suppress(RetryLaterError):  # the counts expire anyway
                await self.throttle.refund(client, self.clock.now())
            raise

    async def _find(self, email: EmailAddress | None) -> PasswordCredential | None:
        return await self.credentials.by_email(email) if email else None

    async def _recognized(
        self, client: LoginClient, credential: PasswordCredential | None
    ) -> LoginClient:
        """Return the client as a stranger, and count it as one, if the password was changed."""
        version = credential.password_version if credential else None
        recognized = client.with_password(version)
        if recognized is not client:
            await self._count(recognized)
        return recognized

    async def _verify(
        self,
        credential: PasswordCredential | None,
        client: LoginClient,
        command: PasswordLoginCommand,
    ) -> PasswordCredential:
        expected = credential.password_hash if credential else None
        verifying = self.hasher.verify(command.password, expected, client.queues_as)
        is_right = await self._or_refund(client, verifying)
        if credential is None:
            await self._refuse(self.pseudonyms.of(client.account), command.source)
        if not is_right or credential.user.is_disabled:
            await self._refuse(credential.user.id, command.source)
        return credential

    async def _open(
        self, credential: PasswordCredential, client: LoginClient, command: PasswordLoginCommand
    ) -> LoggedIn:
        proven = ProvenUser(
            user=credential.user,
            authentication=Authentication.by_password(),
            password_version=credential.password_version,
            has_second_factor=credential.has_second_factor,
            replaces=command.replaces,
            device_name=command.device_name,
            source=command.source,
            is_known=client.device is not None,
        )
        opened = await self.open_session(proven)
        if isinstance(opened, Challenge) and command.stands_in:
            opened = await self.remembered.open(proven, command.remembered) or opened
        if isinstance(opened, Challenge | Enrolment):
            await self._upgrade_hash(credential, command.password)
            raise await self.ask_second_factor(credential, command.source)
        if not isinstance(opened, LoggedIn):
            await self._refuse(credential.user.id, command.source)
        return opened

    async def _refuse(self, who: UserId | str, source: RequestSource) -> NoReturn:
        action, now = AuditAction.LOGIN_FAILED, self.clock.now()
        failure = (
            event(action, now, source, account_hash=who)
            if isinstance(who, str)
            else event(action, now, source, user_id=who)
        )
        await self.audit.append(failure)
        raise InvalidCredentialsError

    async def _succeed(self, client: LoginClient) -> None:
        with suppress(RetryLaterError):  # the login has succeeded: its counts expire anyway
            await self.throttle.succeed(client, self.clock.now())

    async def _upgrade_hash(self, credential: PasswordCredential, password: Password) -> None:
        old = credential.password_hash
        if not self.hasher.is_outdated(old, password):
            return
        with suppress(RetryLaterError):  # the login has succeeded: the next one upgrades the hash
            new = await self.hasher.hash(password)
            await self.credentials.upgrade_hash(credential.user.id, old=old, new=new)
