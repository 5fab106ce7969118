"""The use cases on memory, with a clock that stands still, and what tests ask of them."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Final

from dependency_injector import providers

from latchkey.adapters.memory import MemoryStorage
from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.administration.bootstrap import Bootstrap
from latchkey.application.administration.change_user import ChangeUser, ChangeUserCommand
from latchkey.application.administration.create_user import CreateUser
from latchkey.application.administration.set_password import SetPassword
from latchkey.application.mail.request_link import RequestLink
from latchkey.application.passwords.change_password import ChangePassword
from latchkey.application.passwords.reset_password import ResetPassword
from latchkey.application.sessions.logout import Logout, LogoutCommand
from latchkey.application.sessions.refresh import Refresh, RefreshCommand
from latchkey.application.sessions.refresh_limit import RefreshLimit
from latchkey.application.sessions.token_pair import TokenPair
from latchkey.application.sign_in.login_devices import DeviceLoggedIn
from latchkey.application.sign_in.login_throttle import LoginLimits, LoginThrottle
from latchkey.application.sign_in.with_password import PasswordLogin, PasswordLoginCommand
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import AuditAction, AuditEvent
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.sessions.access_token import Principal, TokenService
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.refresh_token import RefreshToken, RefreshTokenCodec
from latchkey.domain.sessions.session import SessionPolicy, UserSession
from latchkey.domain.throttling.rate import Rate
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.keys import pseudonyms
from latchkey.entrypoints.settings import from_env
from latchkey.entrypoints.settings.groups.sessions import SessionSettings
from latchkey.testing.factories import SOURCE, UserFactory
from latchkey.testing.fakes import FastPasswordHasher, WordList
from latchkey.testing.frozen_clock import FrozenClock

PASSWORD: Final = Password("correct horse battery staple")
WRONG: Final = Password("incorrect horse battery staple")
NEW: Final = Password("another horse, another staple")
COMMON: Final = Password("iloveyou")

HOUR: Final = timedelta(hours=1)
GRACE: Final = timedelta(seconds=10)
MICROSECOND: Final = timedelta(microseconds=1)
POLICY: Final = SessionPolicy(
    idle=timedelta(days=7), absolute=timedelta(days=30), grace=GRACE, per_user=3
)
LIMITS: Final = LoginLimits(
    account=Rate(count=10, period=timedelta(minutes=15)),
    address=Rate(count=100, period=timedelta(minutes=15)),
    successes=Rate(count=60, period=timedelta(minutes=15)),
)

REFRESH_LIMIT: Final = Rate(count=120, period=timedelta(minutes=1))
SETTINGS: Final = from_env(
    {
        "APP_ENV": "test",
        "JWT_SECRET": "tH3qv0Zk8dRw2Xb7JmYc5NsLf9GpUe4A",
        "REFRESH_SECRET": "Kx7PzW2nQ8rVt5Bj0DhGm4YcLs9FuEa3",
        "FACTOR_SECRET": "f4Rq9ZtB1yXw7LmVn2PjKc6HsD8GuEa5",
    }
)
PSEUDONYMS: Final = pseudonyms(SETTINGS)


class Service:
    """The container on memory. Tests may replace its parts at any time."""

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock
        self.storage = MemoryStorage(clock)
        self.hasher = FastPasswordHasher()
        self.policy = POLICY
        self.limits = LIMITS
        self.refresh_limit = RefreshLimit(REFRESH_LIMIT)
        self._parts: tuple[object, ...] = ()

    @property
    def container(self) -> Container:
        """Put everything together, and again after a part was replaced."""
        parts = (self.storage, self.hasher, self.policy, self.refresh_limit)
        if parts != self._parts:
            self._parts, self._container = parts, self._assembled()
        return self._container

    def _assembled(self) -> Container:
        settings = replace(SETTINGS, sessions=SessionSettings(**asdict(self.policy)))
        container = Container(settings=settings, storage=self.storage)
        container.hasher.override(providers.Object(self.hasher))
        container.blocklist.override(providers.Object(WordList(COMMON.reveal())))
        container.refresh_limit.override(providers.Object(self.refresh_limit))
        container.login_throttle.override(providers.Object(self.login_throttle))
        return container

    @property
    def tokens(self) -> TokenService:
        return self.container.tokens()

    @property
    def codec(self) -> RefreshTokenCodec:
        return self.container.codec()

    @property
    def login_throttle(self) -> LoginThrottle:
        return LoginThrottle(throttle=self.storage.throttle, limits=self.limits)

    @property
    def login(self) -> PasswordLogin:
        return self.container.password_login()

    @property
    def refresh(self) -> Refresh:
        return self.container.refresh()

    @property
    def logout(self) -> Logout:
        return self.container.logout()

    @property
    def current_user(self) -> CurrentUser:
        return self.container.current_user()

    @property
    def bootstrap(self) -> Bootstrap:
        return self.container.bootstrap()

    @property
    def create_user(self) -> CreateUser:
        return self.container.create_user()

    @property
    def set_password(self) -> SetPassword:
        return self.container.set_password()

    @property
    def request_reset(self) -> RequestLink:
        return self.container.request_reset()

    @property
    def reset_password(self) -> ResetPassword:
        return self.container.reset_password()

    @property
    def change_password(self) -> ChangePassword:
        return self.container.change_password()

    @property
    def change_user(self) -> ChangeUser:
        return self.container.change_user()

    async def added_user(self, *, role: Role = Role.USER, cost: int | None = None) -> User:
        """Keep a user with the right password."""
        user = UserFactory.build(role=role)
        hashed = self.hasher.hashed(PASSWORD, cost or self.hasher.cost)
        await self.storage.users.add(user, hashed)
        return user

    async def changed(
        self, user: User, *, role: Role | None = None, disabled: bool | None = None
    ) -> User:
        """Change a user, as an operator."""
        command = ChangeUserCommand(
            by=None, user_id=user.id, role=role, disabled=disabled, source=SOURCE
        )
        return await self.change_user(command)

    async def logged_in(
        self, user: User | None = None, replaces: tuple[str, ...] = ()
    ) -> DeviceLoggedIn:
        """Log in a user, or a new one."""
        user = user or await self.added_user()
        return await self.login(
            PasswordLoginCommand(
                email=user.email.text, password=PASSWORD, replaces=replaces, source=SOURCE
            )
        )

    async def refreshed(self, refresh_token: str) -> TokenPair:
        """Refresh."""
        presented = self.decoded(refresh_token)
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

    async def logged_out(self, *presented: str) -> None:
        """Log out."""
        await self.logout(LogoutCommand(presented=presented, source=SOURCE))

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
