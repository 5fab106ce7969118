"""All storage ports in PostgreSQL."""

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
from latchkey.adapters.postgres.sessions.takeovers import PostgresTakeovers
from latchkey.adapters.postgres.throttling.throttle import PostgresThrottle
from latchkey.adapters.postgres.unit_of_work import PostgresUnitsOfWork
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError
from latchkey.domain.storage import Connections, Storage

_PING_TIMEOUT: Final = 1.0  # s
_READINESS: Final = Statement(
    select(
        func.pg_is_in_recovery().label("is_standby"),
        select(version.c.version_num).scalar_subquery().label("revision"),
    ),
    is_read=True,
)


class PostgresStorage(Storage):
    """Storage for one worker, with one pool of connections."""

    def __init__(self, config: PostgresConfig, clock: Clock | None = None) -> None:
        """Create a storage; opens no connection.

        Args:
            config: How to connect to the database.
            clock: The time to use; the database's if None.
        """
        self._pool = Pool(
            partial(connect, config),
            size=config.pool_size,
            acquire_timeout=config.acquire_timeout.total_seconds(),
        )
        self._access = access = Autocommit(self._pool)
        super().__init__(repositories(access))
        self._watching: list[asyncio.Task[None]] = []
        self.clock = clock or DatabaseClock(access)
        self.takeovers = self._takeovers = PostgresTakeovers(access)
        self.orders = PostgresOrderRepository(access)
        self.throttle = PostgresThrottle(access)
        self.units = PostgresUnitsOfWork(access)

    @override
    async def open(self) -> None:
        """Connect, then keep the clock synchronised and takeovers noted; failures are retried."""
        with suppress(StorageUnavailableError):
            await self._pool.open()
        if isinstance(self.clock, DatabaseClock):
            with suppress(StorageUnavailableError):
                await self.clock.synchronise()
            watching = (self.clock.stay_synchronised(), self._takeovers.watch(self.clock))
            self._watching = [asyncio.create_task(each) for each in watching]

    @override
    async def close(self) -> None:
        """Close all connections."""
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        await self._pool.close()

    @override
    async def ping(self) -> None:
        """Check that a primary answers and has a schema that this release runs on.

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

    @override
    def connections(self) -> Connections:
        return self._pool.usage()
