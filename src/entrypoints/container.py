"""The one place that knows ports and adapters together."""

import os
from typing import Final, Protocol, runtime_checkable

from dependency_injector import containers, providers

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.refresh_token import (
    HmacRefreshTokenCodec,
    derived_refresh_secret,
    hkdf_sha256,
)
from latchkey.adapters.zxcvbn import ZxcvbnPasswordBlocklist
from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.administration.bootstrap import Bootstrap
from latchkey.application.administration.create_user import CreateUser
from latchkey.application.administration.disable_user import DisableUser
from latchkey.application.administration.list_users import ListUsers
from latchkey.application.administration.set_password import SetPassword
from latchkey.application.administration.set_role import SetRole
from latchkey.application.orders.list_orders import ListOrders
from latchkey.application.sessions.authenticate import Authenticate
from latchkey.application.sessions.authenticate_session import AuthenticateSession
from latchkey.application.sessions.logout import Logout
from latchkey.application.sessions.prune import Prune
from latchkey.application.sessions.refresh import Refresh
from latchkey.application.sessions.refresh_limit import RefreshLimit
from latchkey.application.sessions.token_pair import TokenPairIssuer
from latchkey.application.sign_in.login_throttle import LoginThrottle
from latchkey.application.sign_in.with_password import Login
from latchkey.domain.accounts.password_credential import PasswordCredentialRepository
from latchkey.domain.accounts.user import UserRepository
from latchkey.domain.audit.log import AuditLog
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.orders.order import OrderRepository
from latchkey.domain.sessions.session import SessionRepository
from latchkey.domain.throttling.throttle import Throttle
from latchkey.domain.unit_of_work import UnitsOfWork
from latchkey.entrypoints.settings import Settings

QUEUE: Final = 64  # passwords that wait in one worker: some sixteen seconds' worth


@runtime_checkable
class Storage(Protocol):
    """What a storage technology offers; `MemoryStorage` and `PostgresStorage` are two of them."""

    @property
    def users(self) -> UserRepository:
        """Users."""

    @property
    def password_credentials(self) -> PasswordCredentialRepository:
        """What they sign in with."""

    @property
    def sessions(self) -> SessionRepository:
        """Sessions."""

    @property
    def orders(self) -> OrderRepository:
        """Orders."""

    @property
    def audit(self) -> AuditLog:
        """The record of what happened."""

    @property
    def throttle(self) -> Throttle:
        """Counts of what is tried."""

    @property
    def units(self) -> UnitsOfWork:
        """Changes that belong together."""

    @property
    def clock(self) -> Clock:
        """The time that the storage goes by."""

    async def open(self) -> None:
        """Make ready for use. Does not fail for a storage that is away; it may come back."""

    async def close(self) -> None:
        """Give everything back."""

    async def ping(self) -> None:
        """Return if the storage answers, or raise StorageUnavailableError."""


def _hasher(settings: Settings) -> BcryptPasswordHasher:
    threads = max(1, (os.cpu_count() or 1) // settings.server.workers)  # a core each, all in all
    return BcryptPasswordHasher(rounds=settings.bcrypt_rounds, workers=threads, queue=QUEUE)


def _refresh_secrets(settings: Settings) -> list[bytes]:
    tokens = settings.tokens
    own = [secret.encode() for secret in tokens.refresh_secrets]
    return own or [derived_refresh_secret(secret.encode()) for secret in tokens.access_secrets]


def _context(settings: Settings) -> str:
    return f"{settings.tokens.issuer}|{settings.environment}"


def _codec(settings: Settings) -> HmacRefreshTokenCodec:
    return HmacRefreshTokenCodec(_refresh_secrets(settings), context=_context(settings))


def _pseudonyms(settings: Settings) -> Pseudonyms:
    info = f"audit-pseudonym/v1|{_context(settings)}".encode()
    return Pseudonyms(hkdf_sha256(_refresh_secrets(settings)[0], info=info))


def _tokens(settings: Settings) -> JwtTokenService:
    tokens = settings.tokens
    return JwtTokenService(
        tokens.access_secrets,
        issuer=tokens.issuer,
        audience=tokens.audience,
        lifetime=tokens.access_lifetime,
    )


class Container(containers.DeclarativeContainer):
    """Every use case, put together from settings and adapters. Synchronous providers only."""

    settings = providers.Dependency(instance_of=Settings)
    storage: providers.Dependency[Storage] = providers.Dependency()

    users = storage.provided.users
    credentials = storage.provided.password_credentials
    sessions = storage.provided.sessions
    orders = storage.provided.orders
    audit = storage.provided.audit
    throttle = storage.provided.throttle
    units = storage.provided.units
    clock = storage.provided.clock
    policy = settings.provided.sessions

    blocklist = providers.Singleton(ZxcvbnPasswordBlocklist)
    hasher = providers.Singleton(_hasher, settings)
    tokens = providers.Singleton(_tokens, settings)
    codec = providers.Singleton(_codec, settings)
    issuer = providers.Singleton(TokenPairIssuer, tokens=tokens, codec=codec, policy=policy)

    authenticate = providers.Singleton(Authenticate, tokens=tokens, clock=clock)
    authenticate_session = providers.Singleton(AuthenticateSession, codec=codec, clock=clock)
    current_user = providers.Singleton(CurrentUser, sessions=sessions, clock=clock, policy=policy)
    login = providers.Singleton(
        Login,
        throttle=providers.Singleton(
            LoginThrottle, throttle=throttle, limits=settings.provided.login_limits
        ),
        password_credentials=credentials,
        hasher=hasher,
        audit=audit,
        pseudonyms=providers.Singleton(_pseudonyms, settings),
        units=units,
        codec=codec,
        issuer=issuer,
        clock=clock,
        policy=policy,
    )
    refresh = providers.Singleton(
        Refresh,
        limit=providers.Singleton(RefreshLimit, settings.provided.refresh_limit),
        sessions=sessions,
        units=units,
        audit=audit,
        issuer=issuer,
        clock=clock,
        policy=policy,
    )
    logout = providers.Singleton(Logout, codec=codec, units=units, clock=clock)
    bootstrap = providers.Singleton(
        Bootstrap,
        is_allowed=settings.provided.allow_bootstrap,
        blocklist=blocklist,
        hasher=hasher,
        units=units,
        clock=clock,
    )
    list_orders = providers.Singleton(ListOrders, orders=orders)
    list_users = providers.Singleton(ListUsers, current_user=current_user, users=users)
    create_user = providers.Singleton(
        CreateUser,
        current_user=current_user,
        blocklist=blocklist,
        hasher=hasher,
        units=units,
        clock=clock,
    )
    disable_user = providers.Singleton(DisableUser, units=units, clock=clock)
    set_role = providers.Singleton(SetRole, units=units, clock=clock)
    prune = providers.Singleton(
        Prune,
        sessions=sessions,
        throttle=throttle,
        clock=clock,
        policy=policy,
        retention=settings.provided.session_retention,
    )
    change_password = providers.Singleton(
        SetPassword, blocklist=blocklist, hasher=hasher, units=units, clock=clock
    )
