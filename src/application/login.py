"""Log in with e-mail and password (docs/flow.md, L1 to L5)."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NoReturn

from application.token_pair import TokenPair, TokenPairIssuer
from domain.audit import (
    AuditAction,
    AuditEvent,
    AuditLog,
    Caller,
    Pseudonyms,
    event,
    session_ended,
)
from domain.clock import Clock
from domain.errors import (
    EndReason,
    InvalidCredentialsError,
    InvalidInputError,
    RefreshTokenInvalidError,
    RetryLaterError,
    TooManyAttemptsError,
)
from domain.identifier import new_id
from domain.password import Password, PasswordHasher
from domain.session import Session, SessionPolicy, SessionRepository, UserSession
from domain.throttle import LoginThrottle, source_of
from domain.token import RefreshToken, RefreshTokenCodec, SessionId
from domain.user import Credential, CredentialRepository, EmailAddress, User, UserId
from domain.work import UnitOfWork

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
    caller: Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """A new session's tokens, and whose they are."""

    tokens: TokenPair
    user: User


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Open a session for whoever knows an account's password."""

    throttle: LoginThrottle
    credentials: CredentialRepository
    hasher: PasswordHasher
    audit: AuditLog
    pseudonyms: Pseudonyms
    work: UnitOfWork
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
        source = source_of(command.caller.address)
        await self._admit(account, source)  # L2
        credential = await self._verify(account, email, command)  # L3
        now = self.clock.now()
        logged_in = await self._open_session(credential, command, now)  # L4
        await self._absolve(account, source, now)
        await self._upgrade_hash(credential, command.password)  # L5
        return logged_in

    async def _admit(self, account: str, source: str) -> None:
        wait = await self.throttle.admit(account, source, self.clock.now())
        if wait is not None:
            raise TooManyAttemptsError(wait)

    async def _verify(
        self, account: str, email: EmailAddress | None, command: LoginCommand
    ) -> Credential:
        credential = await self.credentials.by_email(email) if email else None
        expected = credential.password_hash if credential else None
        is_right = await self.hasher.verify(command.password, expected)
        if credential is None:
            await self._refuse(self.pseudonyms.of(account), command.caller)
        if not is_right or credential.user.is_disabled:
            await self._refuse(credential.user.id, command.caller)
        return credential

    async def _open_session(
        self, credential: Credential, command: LoginCommand, now: datetime
    ) -> LoggedIn:
        user, caller = credential.user, command.caller
        token = self._first_token(now)
        session = Session.begin(token, user.id, now)
        async with self.work.begin() as work:
            is_added = await work.sessions.add(
                session, password_version=credential.password_version
            )
            if is_added:
                await work.audit.append(
                    self._opened(session, caller),
                    *await self._end_others(work.sessions, user.id, command, now),
                )
                await work.commit()
        if not is_added:
            await self._refuse(user.id, caller)
        found = UserSession(session=session, user=user)
        return LoggedIn(tokens=self.issuer.issue(found, token, now), user=user)

    @staticmethod
    def _opened(session: Session, caller: Caller) -> AuditEvent:
        return event(
            AuditAction.LOGIN_SUCCEEDED,
            session.rotated_at,
            caller,
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
        caller, reason = command.caller, EndReason.REPLACED
        ended = await sessions.end_all(user_id, reason, keep=self.policy.per_user)
        events = session_ended(now, caller, reason, user_id, *ended)
        with suppress(RefreshTokenInvalidError):
            old = self.codec.decode(command.replaces or "", now)
            if owner := await sessions.end(old, reason):
                events += session_ended(now, caller, reason, owner, old.session_id)
        return events

    async def _refuse(self, who: UserId | str, caller: Caller) -> NoReturn:
        action, now = AuditAction.LOGIN_FAILED, self.clock.now()
        failure = (
            event(action, now, caller, account_hash=who)
            if isinstance(who, str)
            else event(action, now, caller, user_id=who)
        )
        await self.audit.append(failure)
        raise InvalidCredentialsError

    async def _absolve(self, account: str, source: str, now: datetime) -> None:
        with suppress(RetryLaterError):  # the login has succeeded: what it counted fades by itself
            await self.throttle.absolve(account, source, now)

    async def _upgrade_hash(self, credential: Credential, password: Password) -> None:
        old = credential.password_hash
        if not self.hasher.is_outdated(old):
            return
        with suppress(RetryLaterError):  # the login has succeeded: the next one upgrades
            new = await self.hasher.hash(password)
            await self.credentials.upgrade_hash(credential.user.id, old=old, new=new)


def _address(text: str) -> EmailAddress | None:
    try:
        return EmailAddress.parse(text)
    except InvalidInputError:
        return None
