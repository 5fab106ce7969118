"""The one place that knows ports and adapters together."""

import os
from typing import Final, Protocol, runtime_checkable

from dependency_injector import containers, providers

from adapters.bcrypt import BcryptPasswordHasher
from adapters.jwt import JwtTokenService
from adapters.refresh_token import (
    HmacRefreshTokenCodec,
    derived_refresh_secret,
    hkdf_sha256,
)
from adapters.zxcvbn import ZxcvbnPasswordBlocklist
from application.authenticate import Authenticate
from application.authenticate_session import AuthenticateSession
from application.bootstrap import Bootstrap
from application.change_password import ChangePassword
from application.change_role import ChangeRole
from application.create_user import CreateUser
from application.current_user import CurrentUser
from application.disable_user import DisableUser
from application.list_orders import ListOrders
from application.list_users import ListUsers
from application.login import Login
from application.logout import Logout
from application.prune import Prune
from application.refresh import Refresh
from application.refresh_limit import RefreshLimit
from application.token_pair import TokenPairIssuer
from domain.audit import AuditLog, Pseudonyms
from domain.clock import Clock
from domain.order import OrderRepository
from domain.session import SessionRepository
from domain.throttle import LoginThrottle
from domain.user import CredentialRepository, UserRepository
from domain.work import UnitOfWork
from entrypoints.settings import Settings

QUEUE: Final = 64  # passwords that wait in one worker: some sixteen seconds' worth


@runtime_checkable
class Adapters(Protocol):
    """What a storage technology offers; `MemoryAdapters` and `PostgresAdapters` are two of them."""

    @property
    def users(self) -> UserRepository:
        """Users."""

    @property
    def credentials(self) -> CredentialRepository:
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
    def throttle(self) -> LoginThrottle:
        """Attempts to log in."""

    @property
    def work(self) -> UnitOfWork:
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
    adapters: providers.Dependency[Adapters] = providers.Dependency()

    users = adapters.provided.users
    credentials = adapters.provided.credentials
    sessions = adapters.provided.sessions
    orders = adapters.provided.orders
    audit = adapters.provided.audit
    throttle = adapters.provided.throttle
    work = adapters.provided.work
    clock = adapters.provided.clock
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
        throttle=throttle,
        credentials=credentials,
        hasher=hasher,
        audit=audit,
        pseudonyms=providers.Singleton(_pseudonyms, settings),
        work=work,
        codec=codec,
        issuer=issuer,
        clock=clock,
        policy=policy,
    )
    refresh = providers.Singleton(
        Refresh,
        limit=providers.Singleton(RefreshLimit, settings.provided.refresh_limit),
        sessions=sessions,
        work=work,
        audit=audit,
        issuer=issuer,
        clock=clock,
        policy=policy,
    )
    logout = providers.Singleton(Logout, codec=codec, work=work, clock=clock)
    bootstrap = providers.Singleton(
        Bootstrap,
        is_allowed=settings.provided.allow_bootstrap,
        blocklist=blocklist,
        hasher=hasher,
        work=work,
        clock=clock,
    )
    list_orders = providers.Singleton(ListOrders, orders=orders)
    list_users = providers.Singleton(ListUsers, current_user=current_user, users=users)
    create_user = providers.Singleton(
        CreateUser,
        current_user=current_user,
        blocklist=blocklist,
        hasher=hasher,
        work=work,
        clock=clock,
    )
    disable_user = providers.Singleton(DisableUser, work=work, clock=clock)
    change_role = providers.Singleton(ChangeRole, work=work, clock=clock)
    prune = providers.Singleton(
        Prune,
        sessions=sessions,
        throttle=throttle,
        clock=clock,
        policy=policy,
        retention=settings.provided.session_retention,
    )
    change_password = providers.Singleton(
        ChangePassword, blocklist=blocklist, hasher=hasher, work=work, clock=clock
    )
