"""Everything that a storage offers, kept in PostgreSQL."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Final

from sqlalchemy import func, select

from adapters.postgres.access import Autocommit
from adapters.postgres.audit import PostgresAuditLog
from adapters.postgres.clock import DatabaseClock
from adapters.postgres.config import PostgresConfig
from adapters.postgres.connection import connect
from adapters.postgres.credentials import PostgresCredentialRepository
from adapters.postgres.orders import PostgresOrderRepository
from adapters.postgres.pool import Pool
from adapters.postgres.sessions import PostgresSessionRepository
from adapters.postgres.statement import Statement
from adapters.postgres.throttle import PostgresLoginThrottle
from adapters.postgres.users import PostgresUserRepository
from adapters.postgres.work import PostgresUnitOfWork
from domain.audit import AuditLog
from domain.clock import Clock
from domain.errors import StorageUnavailableError
from domain.order import OrderRepository
from domain.session import SessionRepository
from domain.throttle import LoginLimits, LoginThrottle
from domain.user import CredentialRepository, UserRepository
from domain.work import UnitOfWork

_PING_TIMEOUT: Final = 1.0  # s
_STANDBY: Final = Statement(select(func.pg_is_in_recovery().label("is_standby")), is_read=True)


class PostgresAdapters:
    """The storage ports of one worker, on one pool of connections."""

    def __init__(
        self, config: PostgresConfig, limits: LoginLimits, clock: Clock | None = None
    ) -> None:
        """Open nothing yet.

        Args:
            config: Where the database is.
            limits: How fast logins may be tried.
            clock: The time to go by; without one it is the database's.
        """
        self._pool = Pool(
            partial(connect, config),
            size=config.pool_size,
            acquire_timeout=config.acquire_timeout.total_seconds(),
        )
        self._access = access = Autocommit(self._pool)
        self._synchronising: asyncio.Task[None] | None = None
        self.clock = clock or DatabaseClock(access)
        self.users: UserRepository = PostgresUserRepository(access)
        self.credentials: CredentialRepository = PostgresCredentialRepository(access)
        self.sessions: SessionRepository = PostgresSessionRepository(access)
        self.orders: OrderRepository = PostgresOrderRepository(access)
        self.audit: AuditLog = PostgresAuditLog(access)
        self.throttle: LoginThrottle = PostgresLoginThrottle(access, limits)
        self.work: UnitOfWork = PostgresUnitOfWork(access)

    async def open(self) -> None:
        """Connect and learn the time; while the database is away, go on trying to."""
        with suppress(StorageUnavailableError):
            await self._pool.open()
        if isinstance(self.clock, DatabaseClock):
            with suppress(StorageUnavailableError):
                await self.clock.synchronise()
            self._synchronising = asyncio.create_task(self.clock.stay_synchronised())

    async def close(self) -> None:
        """Close all connections."""
        if self._synchronising is not None:
            self._synchronising.cancel()
            await asyncio.wait([self._synchronising])
        await self._pool.close()

    async def ping(self) -> None:
        """Ask for a sign of life.

        Raises:
            StorageUnavailableError: No primary answered within a second.
        """
        try:
            async with asyncio.timeout(_PING_TIMEOUT):
                [row] = await self._access.rows(_STANDBY)
        except TimeoutError as error:
            raise StorageUnavailableError from error
        if row["is_standby"]:
            raise StorageUnavailableError
