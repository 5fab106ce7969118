"""The whole storage in PostgreSQL."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Final

from sqlalchemy import func, select
from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Autocommit
from latchkey.adapters.postgres.engine.clock import DatabaseClock
from latchkey.adapters.postgres.engine.config import PostgresConfig
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.adapters.postgres.orders.orders import PostgresOrderRepository
from latchkey.adapters.postgres.repositories import repositories
from latchkey.adapters.postgres.revisions import state_of, version
from latchkey.adapters.postgres.throttling.throttle import PostgresLoginThrottle
from latchkey.adapters.postgres.unit_of_work import PostgresUnitsOfWork
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError
from latchkey.domain.storage import Storage
from latchkey.domain.throttling.throttle import LoginLimits

_PING_TIMEOUT: Final = 1.0  # s
_READINESS: Final = Statement(
    select(
        func.pg_is_in_recovery().label("is_standby"),
        select(version.c.version_num).scalar_subquery().label("revision"),
    ),
    is_read=True,
)


class PostgresStorage(Storage):
    """The storage of one worker, on one pool of connections."""

    def __init__(
        self, config: PostgresConfig, limits: LoginLimits, clock: Clock | None = None
    ) -> None:
        """Prepare a storage; opens no connection.

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
        super().__init__(repositories(access))
        self._synchronising: asyncio.Task[None] | None = None
        self.clock = clock or DatabaseClock(access)
        self.orders = PostgresOrderRepository(access)
        self.throttle = PostgresLoginThrottle(access, limits)
        self.units = PostgresUnitsOfWork(access)

    @override
    async def open(self) -> None:
        """Connect and measure the clock's offset; keep retrying while the database is away."""
        with suppress(StorageUnavailableError):
            await self._pool.open()
        if isinstance(self.clock, DatabaseClock):
            with suppress(StorageUnavailableError):
                await self.clock.synchronise()
            self._synchronising = asyncio.create_task(self.clock.stay_synchronised())

    @override
    async def close(self) -> None:
        """Close all connections."""
        if self._synchronising is not None:
            self._synchronising.cancel()
            await asyncio.wait([self._synchronising])
        await self._pool.close()

    @override
    async def ping(self) -> None:
        """Return if a primary answers and has a schema that this release runs on.

        Raises:
            StorageUnavailableError: There is no such primary, or it took more than a second.
        """
        try:
            async with asyncio.timeout(_PING_TIMEOUT):
                [row] = await self._access.rows(_READINESS)
        except (TimeoutError, StorageFaultError) as error:
            raise StorageUnavailableError from error
        if row["is_standby"]:
            raise StorageUnavailableError from ConnectionError("the server is a standby")
        if not (state := state_of(row["revision"])).is_usable:
            reason = f"the schema is {state.name.lower()}; run `latchkey migrate`"
            raise StorageUnavailableError from StorageFaultError(reason)
