"""Log in with e-mail and password (docs/flow.md, L1 to L5)."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from latchkey.application.sign_in.login_throttle import LoginThrottle
from latchkey.application.sign_in.open_session import LoggedIn, OpenSession, ProvenUser
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
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import InvalidInputError, RetryLaterError
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.domain.throttling.source import network_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordLoginCommand:
    """Request to log in.

    Attributes:
        email: As typed. It may be no address at all, or even a password: hidden in `repr`.
        password: As typed; need not be acceptable.
        replaces: The refresh tokens that the client holds already; anything at all, or none.
    """

    email: str = field(repr=False)
    password: Password
    replaces: tuple[str, ...] = field(default=(), repr=False)
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordLogin:
    """Open a session for a client that knows the password of an account."""

    addresses: EmailAddressParser
    throttle: LoginThrottle
    credentials: PasswordCredentialRepository
    hasher: PasswordHasher
    audit: AuditLog
    pseudonyms: Pseudonyms
    open_session: OpenSession
    clock: Clock

    async def __call__(self, command: PasswordLoginCommand) -> LoggedIn:
        """Check the password and open a session.

        Raises:
            TooManyAttemptsError: Too many logins for this account or from this address. The
                password was not checked.
            InvalidCredentialsError: The account is unknown or disabled, the password is wrong, or
                it was changed during the login. Each case takes the same amount of work.
            PasswordHasherBusyError: Too many passwords are queued.
            StorageUnavailableError: It is unknown whether the session was opened.
        """
        email = self._address(command.email)
        account = email.canonical if email else command.email
        network = network_of(command.source.address)
        is_known = await self._count(account, network)  # L2
        credential = await self._verify(account, email, command)  # L3
        logged_in = await self._open(credential, command, is_known=is_known)  # L4
        await self._take_back(account, network)
        await self._upgrade_hash(credential, command.password)  # L5
        return logged_in

    def _address(self, text: str) -> EmailAddress | None:
        try:
            return self.addresses.parse(text.strip())  # keyboards of phones add a blank
        except InvalidInputError:
            return None

    async def _count(self, account: str, network: str) -> bool:
        """Count an attempt, and return whether the account knows the address."""
        admission = await self.throttle.admit(account, network, self.clock.now())
        if admission.wait is not None:
            raise TooManyAttemptsError(admission.wait)
        return admission.is_exempt

    async def _verify(
        self, account: str, email: EmailAddress | None, command: PasswordLoginCommand
    ) -> PasswordCredential:
        credential = await self.credentials.by_email(email) if email else None
        expected = credential.password_hash if credential else None
        is_right = await self.hasher.verify(command.password, expected)
        if credential is None:
            await self._refuse(self.pseudonyms.of(account), command.source)
        if not is_right or credential.user.is_disabled:
            await self._refuse(credential.user.id, command.source)
        return credential

    async def _open(
        self, credential: PasswordCredential, command: PasswordLoginCommand, *, is_known: bool
    ) -> LoggedIn:
        proven = ProvenUser(
            user=credential.user,
            password_version=credential.password_version,
            replaces=command.replaces,
            source=command.source,
            is_known=is_known,
        )
        logged_in = await self.open_session(proven)
        if logged_in is None:
            await self._refuse(credential.user.id, command.source)
        return logged_in

    async def _refuse(self, who: UserId | str, source: RequestSource) -> NoReturn:
        action, now = AuditAction.LOGIN_FAILED, self.clock.now()
        failure = (
            event(action, now, source, account_hash=who)
            if isinstance(who, str)
            else event(action, now, source, user_id=who)
        )
        await self.audit.append(failure)
        raise InvalidCredentialsError

    async def _take_back(self, account: str, network: str) -> None:
        with suppress(RetryLaterError):  # the login has succeeded: its counts expire anyway
            await self.throttle.clear(account, network, self.clock.now())

    async def _upgrade_hash(self, credential: PasswordCredential, password: Password) -> None:
        old = credential.password_hash
        if not self.hasher.is_outdated(old, password):
            return
        with suppress(RetryLaterError):  # the login has succeeded: the next one upgrades the hash
            new = await self.hasher.hash(password)
            await self.credentials.upgrade_hash(credential.user.id, old=old, new=new)
