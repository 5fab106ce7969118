"""The use cases on memory, with a clock that stands still, and what tests ask of them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Final

from factories import SOURCE, UserFactory
from fakes import FastPasswordHasher, WordList
from frozen_clock import FrozenClock
from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.refresh_token import HmacRefreshTokenCodec
from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.administration.bootstrap import Bootstrap
from latchkey.application.administration.create_user import CreateUser
from latchkey.application.administration.disable_user import DisableUser
from latchkey.application.administration.set_password import SetPassword
from latchkey.application.administration.set_role import SetRole
from latchkey.application.sessions.authenticate_session import AuthenticateSession
from latchkey.application.sessions.logout import Logout, LogoutCommand
from latchkey.application.sessions.refresh import Refresh, RefreshCommand
from latchkey.application.sessions.refresh_limit import RefreshLimit
from latchkey.application.sessions.token_pair import TokenPair, TokenPairIssuer
from latchkey.application.sign_in.login_throttle import LoginLimits, LoginThrottle
from latchkey.application.sign_in.with_password import LoggedIn, Login, LoginCommand
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import AuditAction, AuditEvent
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import SessionPolicy, UserSession
from latchkey.domain.throttling.rate import Rate

PASSWORD: Final = Password("correct horse battery staple")
WRONG: Final = Password("incorrect horse battery staple")
NEW: Final = Password("another horse, another staple")
COMMON: Final = Password("iloveyou")

HOUR: Final = timedelta(hours=1)
ACCESS_TTL: Final = timedelta(minutes=15)
GRACE: Final = timedelta(seconds=10)
MICROSECOND: Final = timedelta(microseconds=1)
POLICY: Final = SessionPolicy(
    idle=timedelta(days=7), absolute=timedelta(days=30), grace=GRACE, per_user=3
)
LIMITS: Final = LoginLimits(
    account=Rate(count=10, period=timedelta(minutes=15)),
    address=Rate(count=100, period=timedelta(minutes=15)),
)

REFRESH_LIMIT: Final = Rate(count=120, period=timedelta(minutes=1))
PSEUDONYMS: Final = Pseudonyms(b"p" * 31 + b"?")


@dataclass
class Service:
    """Everything put together, to be changed by a test before it is used."""

    clock: FrozenClock
    storage: MemoryStorage
    hasher: FastPasswordHasher
    policy: SessionPolicy = POLICY
    limits: LoginLimits = LIMITS

    @classmethod
    def on(cls, clock: FrozenClock) -> "Service":
        """Put everything together."""
        return cls(clock, MemoryStorage(clock), FastPasswordHasher())

    @cached_property
    def tokens(self) -> JwtTokenService:
        return JwtTokenService([b"a" * 31 + b"?"], "latchkey", "latchkey", ACCESS_TTL)

    @cached_property
    def codec(self) -> HmacRefreshTokenCodec:
        return HmacRefreshTokenCodec([b"r" * 31 + b"?"], "test")

    @cached_property
    def refresh_limit(self) -> RefreshLimit:
        return RefreshLimit(REFRESH_LIMIT)

    @property
    def issuer(self) -> TokenPairIssuer:
        return TokenPairIssuer(tokens=self.tokens, codec=self.codec, policy=self.policy)

    @property
    def login_throttle(self) -> LoginThrottle:
        return LoginThrottle(throttle=self.storage.throttle, limits=self.limits)

    @property
    def login(self) -> Login:
        return Login(
            throttle=self.login_throttle,
            password_credentials=self.storage.password_credentials,
            hasher=self.hasher,
            audit=self.storage.audit,
            pseudonyms=PSEUDONYMS,
            units=self.storage.units,
            codec=self.codec,
            issuer=self.issuer,
            clock=self.clock,
            policy=self.policy,
        )

    @property
    def authenticate_session(self) -> AuthenticateSession:
        return AuthenticateSession(codec=self.codec, clock=self.clock)

    @property
    def refresh(self) -> Refresh:
        return Refresh(
            limit=self.refresh_limit,
            sessions=self.storage.sessions,
            units=self.storage.units,
            audit=self.storage.audit,
            issuer=self.issuer,
            clock=self.clock,
            policy=self.policy,
        )

    @property
    def logout(self) -> Logout:
        return Logout(codec=self.codec, units=self.storage.units, clock=self.clock)

    @property
    def current_user(self) -> CurrentUser:
        return CurrentUser(sessions=self.storage.sessions, clock=self.clock, policy=self.policy)

    @property
    def bootstrap(self) -> Bootstrap:
        return Bootstrap(
            is_allowed=True,
            blocklist=WordList(COMMON.reveal()),
            hasher=self.hasher,
            units=self.storage.units,
            clock=self.clock,
        )

    @property
    def create_user(self) -> CreateUser:
        return CreateUser(
            current_user=self.current_user,
            blocklist=WordList(COMMON.reveal()),
            hasher=self.hasher,
            units=self.storage.units,
            clock=self.clock,
        )

    @property
    def change_password(self) -> SetPassword:
        return SetPassword(
            blocklist=WordList(COMMON.reveal()),
            hasher=self.hasher,
            units=self.storage.units,
            clock=self.clock,
        )

    @property
    def set_role(self) -> SetRole:
        return SetRole(units=self.storage.units, clock=self.clock)

    @property
    def disable_user(self) -> DisableUser:
        return DisableUser(units=self.storage.units, clock=self.clock)

    async def added_user(self, *, role: Role = Role.USER, cost: int | None = None) -> User:
        """Keep a user with the right password."""
        user = UserFactory.build(role=role)
        hashed = self.hasher.hashed(PASSWORD, cost or self.hasher.cost)
        await self.storage.users.add(user, hashed)
        return user

    async def logged_in(self, user: User | None = None, replaces: str | None = None) -> LoggedIn:
        """Log in a user, or a new one."""
        user = user or await self.added_user()
        return await self.login(
            LoginCommand(email=user.email.text, password=PASSWORD, replaces=replaces, source=SOURCE)
        )

    async def refreshed(self, refresh_token: str) -> TokenPair:
        """Refresh."""
        presented = self.authenticate_session(refresh_token)
        return await self.refresh(RefreshCommand(presented=presented, source=SOURCE))

    async def first_token(self) -> str:
        """Log in somebody; give the refresh token."""
        return (await self.logged_in()).tokens.refresh

    async def tokens_after(self, rotations: int, pause: timedelta = HOUR) -> list[str]:
        """Log in somebody and refresh so many times; give all tokens, the current one last."""
        tokens = [await self.first_token()]
        for _ in range(rotations):
            self.clock.move(pause)
            tokens.append((await self.refreshed(tokens[-1])).refresh)
        return tokens

    async def logged_out(self, refresh_token: str | None) -> None:
        """Log out."""
        await self.logout(LogoutCommand(refresh_token=refresh_token, source=SOURCE))

    async def credential_of(self, user: User) -> PasswordCredential:
        """Read what a user signs in with."""
        found = await self.storage.password_credentials.by_email(user.email)
        assert found is not None
        return found

    async def session_of(self, refresh_token: str) -> UserSession:
        """Read the session of a token."""
        found = await self.storage.sessions.find(self.decoded(refresh_token).session_id)
        assert found is not None
        return found

    async def end_reason_of(self, refresh_token: str) -> EndReason | None:
        """Tell why the session of a token ended, or None while it lives."""
        return (await self.session_of(refresh_token)).session.end_reason

    async def events(self, action: AuditAction | None = None) -> tuple[AuditEvent, ...]:
        """Read what was noted."""
        return await self.storage.audit.read(AuditFilter(action=action), limit=100)

    async def actions(self) -> list[AuditAction]:
        """Tell which kinds of things were noted, sorted."""
        return sorted(event.action for event in await self.events())

    def decoded(self, refresh_token: str) -> RefreshToken:
        """Read a refresh token."""
        return self.codec.decode(refresh_token, self.clock.now())

    def principal_of(self, tokens: TokenPair) -> Principal:
        """Read an access token."""
        return self.tokens.verify(tokens.access.encoded, self.clock.now())

    def with_generation(self, refresh_token: str, generation: int) -> str:
        """Write a genuine token of another generation of the same session."""
        return self.codec.encode(self.decoded(refresh_token).with_generation(generation))

    def with_secret(self, refresh_token: str, secret: bytes) -> str:
        """Write a token of the same session that doesn't know its secret."""
        return self.codec.encode(replace(self.decoded(refresh_token), secret=secret))
