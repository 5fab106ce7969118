"""Log in with e-mail and password (docs/flow.md, L1 to L5)."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NoReturn

from latchkey.application.sessions.token_pair import TokenPair, TokenPairIssuer
from latchkey.application.sign_in.login_throttle import LoginThrottle
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.errors import InvalidCredentialsError
from latchkey.domain.accounts.password import Password, PasswordHasher
from latchkey.domain.accounts.password_credential import (
    PasswordCredential,
    PasswordCredentialRepository,
)
from latchkey.domain.accounts.user import User, UserId
from latchkey.domain.audit.event import AuditAction, AuditEvent, RequestSource, event, session_ended
from latchkey.domain.audit.log import AuditLog
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import InvalidInputError, RetryLaterError
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import RefreshTokenInvalidError
from latchkey.domain.sessions.refresh_token import RefreshToken, RefreshTokenCodec
from latchkey.domain.sessions.session import Session, SessionPolicy, SessionRepository, UserSession
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.domain.throttling.source import network_of
from latchkey.domain.unit_of_work import UnitsOfWork

SECRET_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginCommand:
    """A wish to log in.

    Attributes:
        email: As typed; need not be an address at all, may be a password: hidden in `repr`.
        password: As typed; need not be acceptable.
        replaces: The refresh token that the client holds already, if any; may be anything.
    """

    email: str = field(repr=False)
    password: Password
    replaces: str | None = field(default=None, repr=False)
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """A new session's tokens, and whose they are."""

    tokens: TokenPair
    user: User


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Open a session for whoever knows an account's password."""

    throttle: LoginThrottle
    password_credentials: PasswordCredentialRepository
    hasher: PasswordHasher
    audit: AuditLog
    pseudonyms: Pseudonyms
    units: UnitsOfWork
    codec: RefreshTokenCodec
    issuer: TokenPairIssuer
    clock: Clock
    policy: SessionPolicy

    async def __call__(self, command: LoginCommand) -> LoggedIn:
        """Log in.

        Raises:
            TooManyAttemptsError: For this account or from this address; nothing was tried.
            InvalidCredentialsError: Unknown account, wrong password, disabled user, or the
                password changed meanwhile; all cost the same work.
            PasswordHasherBusyError: Too many logins wait already.
        """
        email = _address(command.email)
        account = email.canonical if email else command.email
        source = network_of(command.source.address)
        await self._count(account, source)  # L2
        credential = await self._verify(account, email, command)  # L3
        now = self.clock.now()
        logged_in = await self._open_session(credential, command, now)  # L4
        await self._take_back(account, source, now)
        await self._upgrade_hash(credential, command.password)  # L5
        return logged_in

    async def _count(self, account: str, source: str) -> None:
        wait = await self.throttle.hit(account, source, self.clock.now())
        if wait is not None:
            raise TooManyAttemptsError(wait)

    async def _verify(
        self, account: str, email: EmailAddress | None, command: LoginCommand
    ) -> PasswordCredential:
        credential = await self.password_credentials.by_email(email) if email else None
        expected = credential.password_hash if credential else None
        is_right = await self.hasher.verify(command.password, expected)
        if credential is None:
            await self._refuse(self.pseudonyms.of(account), command.source)
        if not is_right or credential.user.is_disabled:
            await self._refuse(credential.user.id, command.source)
        return credential

    async def _open_session(
        self, credential: PasswordCredential, command: LoginCommand, now: datetime
    ) -> LoggedIn:
        user, source = credential.user, command.source
        token = self._first_token(now)
        session = Session.begin(token, user.id, now)
        async with self.units.begin() as unit:
            is_added = await unit.sessions.add(
                session, password_version=credential.password_version
            )
            if is_added:
                await unit.audit.append(
                    self._opened(session, source),
                    *await self._end_others(unit.sessions, user.id, command, now),
                )
                await unit.commit()
        if not is_added:
            await self._refuse(user.id, source)
        found = UserSession(session=session, user=user)
        return LoggedIn(tokens=self.issuer.issue(found, token, now), user=user)

    @staticmethod
    def _opened(session: Session, source: RequestSource) -> AuditEvent:
        return event(
            AuditAction.LOGIN_SUCCEEDED,
            session.rotated_at,
            source,
            user_id=session.user_id,
            session_id=session.id,
        )

    def _first_token(self, now: datetime) -> RefreshToken:
        return RefreshToken(
            session_id=SessionId(new_id(now)),
            generation=0,
            expires_at=(now + self.policy.absolute).replace(microsecond=0),
            secret=secrets.token_bytes(SECRET_BYTES),
        )

    async def _end_others(
        self, sessions: SessionRepository, user_id: UserId, command: LoginCommand, now: datetime
    ) -> tuple[AuditEvent, ...]:
        source, reason = command.source, EndReason.REPLACED
        ended = await sessions.end_all(user_id, reason, keep=self.policy.per_user)
        events = session_ended(now, source, reason, user_id, *ended)
        with suppress(RefreshTokenInvalidError):
            old = self.codec.decode(command.replaces or "", now)
            if owner := await sessions.end(old, reason):
                events += session_ended(now, source, reason, owner, old.session_id)
        return events

    async def _refuse(self, who: UserId | str, source: RequestSource) -> NoReturn:
        action, now = AuditAction.LOGIN_FAILED, self.clock.now()
        failure = (
            event(action, now, source, account_hash=who)
            if isinstance(who, str)
            else event(action, now, source, user_id=who)
        )
        await self.audit.append(failure)
        raise InvalidCredentialsError

    async def _take_back(self, account: str, source: str, now: datetime) -> None:
        with suppress(RetryLaterError):  # the login has succeeded: what it counted fades by itself
            await self.throttle.clear(account, source, now)

    async def _upgrade_hash(self, credential: PasswordCredential, password: Password) -> None:
        old = credential.password_hash
        if not self.hasher.is_outdated(old):
            return
        with suppress(RetryLaterError):  # the login has succeeded: the next one upgrades
            new = await self.hasher.hash(password)
            await self.password_credentials.upgrade_hash(credential.user.id, old=old, new=new)


def _address(text: str) -> EmailAddress | None:
    try:
        return EmailAddress.parse(text)
    except InvalidInputError:
        return None
