"""The use cases on memory, with a clock that stands still, and what tests ask of them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Final

from adapters.jwt import JwtTokenService
from adapters.memory import MemoryAdapters
from adapters.refresh_token import HmacRefreshTokenCodec
from application.authenticate_session import AuthenticateSession
from application.bootstrap import Bootstrap
from application.change_password import ChangePassword
from application.change_role import ChangeRole
from application.create_user import CreateUser
from application.current_user import CurrentUser
from application.disable_user import DisableUser
from application.login import LoggedIn, Login, LoginCommand
from application.logout import Logout, LogoutCommand
from application.refresh import Refresh, RefreshCommand
from application.refresh_limit import RefreshLimit
from application.token_pair import TokenPair, TokenPairIssuer
from domain.audit import AuditAction, AuditEvent, AuditFilter, Pseudonyms
from domain.errors import EndReason
from domain.password import Password
from domain.session import SessionPolicy, UserSession
from domain.throttle import LoginLimits, Rate
from domain.token import Principal, RefreshToken
from domain.user import Credential, Role, User
from factories import CALLER, UserFactory
from fakes import FastPasswordHasher, WordList
from frozen_clock import FrozenClock

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
    storage: MemoryAdapters
    hasher: FastPasswordHasher
    policy: SessionPolicy = POLICY

    @classmethod
    def on(cls, clock: FrozenClock) -> "Service":
        """Put everything together."""
        return cls(clock, MemoryAdapters(clock, LIMITS), FastPasswordHasher())

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
    def login(self) -> Login:
        return Login(
            throttle=self.storage.throttle,
            credentials=self.storage.credentials,
            hasher=self.hasher,
            audit=self.storage.audit,
            pseudonyms=PSEUDONYMS,
            work=self.storage.work,
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
            work=self.storage.work,
            audit=self.storage.audit,
            issuer=self.issuer,
            clock=self.clock,
            policy=self.policy,
        )

    @property
    def logout(self) -> Logout:
        return Logout(codec=self.codec, work=self.storage.work, clock=self.clock)

    @property
    def current_user(self) -> CurrentUser:
        return CurrentUser(sessions=self.storage.sessions, clock=self.clock, policy=self.policy)

    @property
    def bootstrap(self) -> Bootstrap:
        return Bootstrap(
            is_allowed=True,
            blocklist=WordList(COMMON.reveal()),
            hasher=self.hasher,
            work=self.storage.work,
            clock=self.clock,
        )

    @property
    def create_user(self) -> CreateUser:
        return CreateUser(
            current_user=self.current_user,
            blocklist=WordList(COMMON.reveal()),
            hasher=self.hasher,
            work=self.storage.work,
            clock=self.clock,
        )

    @property
    def change_password(self) -> ChangePassword:
        return ChangePassword(
            blocklist=WordList(COMMON.reveal()),
            hasher=self.hasher,
            work=self.storage.work,
            clock=self.clock,
        )

    @property
    def change_role(self) -> ChangeRole:
        return ChangeRole(work=self.storage.work, clock=self.clock)

    @property
    def disable_user(self) -> DisableUser:
        return DisableUser(work=self.storage.work, clock=self.clock)

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
            LoginCommand(email=user.email.text, password=PASSWORD, replaces=replaces, caller=CALLER)
        )

    async def refreshed(self, refresh_token: str) -> TokenPair:
        """Refresh."""
        presented = self.authenticate_session(refresh_token)
        return await self.refresh(RefreshCommand(presented=presented, caller=CALLER))

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
        await self.logout(LogoutCommand(refresh_token=refresh_token, caller=CALLER))

    async def credential_of(self, user: User) -> Credential:
        """Read what a user signs in with."""
        found = await self.storage.credentials.by_email(user.email)
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
