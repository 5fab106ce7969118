"""The database's clock keeps what the port promises."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import asyncpg
import pytest

from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.domain.kernel.clock import Clock
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.ports import ClockSuite

CLOSE = timedelta(milliseconds=50)  # on a busy machine


@pytest.fixture
async def clock(postgres_dsn: str) -> AsyncIterator[Clock]:
    storage = PostgresStorage(PostgresConfig(dsn=postgres_dsn, pool_size=1))
    await storage.open()
    yield storage.clock
    await storage.close()


@pytest.mark.usefixtures("anyio_backend")
class TestDatabaseClock(ClockSuite):
    @pytest.mark.requirement("RS-4", "ER-9")
    @pytest.mark.anyio
    async def test_it_is_the_time_of_the_database(self, clock: Clock, postgres_dsn: str) -> None:
        connection = await asyncpg.connect(postgres_dsn)
        told: datetime = await connection.fetchval("SELECT clock_timestamp()")
        now = clock.now()
        await connection.close()

        assert abs(now - told) < CLOSE


def test_adapters_go_by_the_clock_that_they_are_given() -> None:
    given = FrozenClock()

    assert PostgresStorage(PostgresConfig(dsn="unused"), given).clock is given
