"""The database's time goes on here between two questions, whatever this machine's clock does."""

import asyncio
import time
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import cast

import asyncpg
import pytest
from typing_extensions import override

from latchkey.adapters.postgres.engine import clock as clock_module
from latchkey.adapters.postgres.engine.access import Access, Transaction
from latchkey.adapters.postgres.engine.clock import DatabaseClock
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.domain.kernel.errors import StorageUnavailableError

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
CLOSE = timedelta(milliseconds=100)  # what a busy machine may take between two looks at a clock
SLOW = 0.4  # s, for an answer to arrive


class Database(Access):
    """Tells the time of another machine, which is ahead of this one's."""

    is_autocommit = True

    def __init__(self) -> None:
        self.ahead = HOUR
        self.is_away = False
        self.delays: list[float] = []  # s, of the answers to come

    @override
    async def rows(self, statement: Statement, **values: object) -> list[asyncpg.Record]:
        if self.is_away:
            raise StorageUnavailableError
        answer = {"now": datetime.now(UTC) + self.ahead}
        if self.delays:
            await asyncio.sleep(self.delays.pop(0))
        return [cast("asyncpg.Record", answer)]

    @override
    async def row(self, statement: Statement, **values: object) -> asyncpg.Record | None:
        return (await self.rows(statement, **values))[0]

    @override
    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        raise NotImplementedError


class AnotherDay(datetime):
    """What this machine's clock says after somebody has set it."""

    @override
    @classmethod
    def now(cls, tz: object = None) -> "AnotherDay":
        return cls(2001, 1, 1, tzinfo=UTC)


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def clock(database: Database) -> DatabaseClock:
    return DatabaseClock(database)


def ahead(clock: DatabaseClock) -> timedelta:
    """Tell how far a clock is ahead of this machine's."""
    return clock.now() - datetime.now(UTC)


def test_until_it_is_synchronised_it_tells_the_time_of_this_machine(clock: DatabaseClock) -> None:
    assert abs(ahead(clock)) < CLOSE


async def test_once_synchronised_it_tells_the_time_of_the_database(clock: DatabaseClock) -> None:
    await clock.synchronise()

    assert abs(ahead(clock) - HOUR) < CLOSE


async def test_it_goes_on_by_itself(clock: DatabaseClock, database: Database) -> None:
    await clock.synchronise()
    database.is_away = True
    before, began = clock.now(), time.monotonic()

    await asyncio.sleep(SLOW)

    elapsed = timedelta(seconds=time.monotonic() - began)
    assert abs(clock.now() - before - elapsed) < CLOSE


@pytest.mark.requirement("ER-9")
async def test_who_sets_the_clock_of_this_machine_does_not_move_it(
    clock: DatabaseClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await clock.synchronise()
    before = clock.now()

    monkeypatch.setattr(clock_module, "datetime", AnotherDay)

    assert timedelta(0) <= clock.now() - before < CLOSE


@pytest.mark.requirement("ER-9")
async def test_it_counts_the_time_that_this_machine_is_suspended(
    clock: DatabaseClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # Linux has both
    elapsed = {time.CLOCK_MONOTONIC: 100.0, counting: 100.0}
    monkeypatch.setattr(time, "clock_gettime", elapsed.__getitem__)
    await clock.synchronise()
    before = clock.now()

    elapsed[counting] += HOUR.total_seconds()

    assert clock.now() - before == HOUR


async def test_the_answer_that_came_fastest_is_believed(
    clock: DatabaseClock, database: Database
) -> None:
    database.delays = [SLOW, 0, SLOW]

    await clock.synchronise()

    assert abs(ahead(clock) - HOUR) < CLOSE


async def test_the_database_is_believed_to_have_answered_half_way(
    clock: DatabaseClock, database: Database
) -> None:
    database.delays = [SLOW, SLOW, SLOW]

    await clock.synchronise()

    assert abs(ahead(clock) - HOUR + timedelta(seconds=SLOW / 2)) < CLOSE


async def test_it_follows_the_database(clock: DatabaseClock, database: Database) -> None:
    await clock.synchronise()
    database.ahead = 2 * HOUR

    await clock.synchronise()

    assert abs(ahead(clock) - 2 * HOUR) < CLOSE


async def test_it_goes_on_as_it_was_while_the_database_is_away(
    clock: DatabaseClock, database: Database
) -> None:
    await clock.synchronise()
    database.is_away = True

    with pytest.raises(StorageUnavailableError):
        await clock.synchronise()

    assert abs(ahead(clock) - HOUR) < CLOSE


async def test_in_the_background_it_is_synchronised_again_and_again(
    clock: DatabaseClock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_module, "RETRY_EVERY", 0)
    monkeypatch.setattr(clock_module, "EVERY", 0)
    database.is_away = True
    background = asyncio.create_task(clock.stay_synchronised())
    for _ in range(5):
        await asyncio.sleep(0)

    for expected in (HOUR, 2 * HOUR):
        database.ahead, database.is_away = expected, False
        async with asyncio.timeout(10):
            while abs(ahead(clock) - expected) >= CLOSE:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0)
        database.is_away = True

    assert not background.done()
    background.cancel()
