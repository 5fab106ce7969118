"""Slots for connections are handed from caller to caller, and none is ever lost."""

import asyncio
from typing import cast

import pytest

from latchkey.adapters.postgres.engine.connection import Connection
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.domain.kernel.errors import StorageUnavailableError

pytestmark = pytest.mark.anyio

SOON = 0.05  # s


class Line:
    """What the pool knows of a connection: whether it's open."""

    def __init__(self) -> None:
        self.is_gone = False

    def is_closed(self) -> bool:
        return self.is_gone

    def terminate(self) -> None:
        self.is_gone = True

    async def close(self, *, timeout: float) -> None:  # noqa: ASYNC109 - asyncpg's own signature
        assert timeout > 0
        self.is_gone = True


class Exchange:
    """Makes connections, as long as it isn't told to fail."""

    def __init__(self) -> None:
        self.made: list[Line] = []
        self.failure: Exception | None = None

    async def connect(self) -> Connection:
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        self.made.append(Line())
        return cast("Connection", self.made[-1])

    @property
    def count_open(self) -> int:
        return sum(not line.is_gone for line in self.made)


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
def pool(exchange: Exchange) -> Pool:
    return Pool(exchange.connect, size=2, acquire_timeout=SOON)


async def test_an_open_pool_has_all_its_connections(pool: Pool, exchange: Exchange) -> None:
    await pool.open()

    assert exchange.count_open == 2


async def test_the_connection_that_came_back_last_is_lent_first(pool: Pool) -> None:
    await pool.open()
    first, second = await pool.acquire(), await pool.acquire()
    pool.release(second)
    pool.release(first)

    assert await pool.acquire() is first


@pytest.mark.requirement("ER-5")
async def test_nobody_waits_longer_than_told_for_a_full_pool(pool: Pool) -> None:
    await pool.open()
    await pool.acquire()
    await pool.acquire()

    with pytest.raises(StorageUnavailableError):
        async with asyncio.timeout(20 * SOON):
            await pool.acquire()


async def test_an_open_connection_is_lent_before_another_one_is_made(
    pool: Pool, exchange: Exchange
) -> None:
    await pool.open()
    lost, kept = await pool.acquire(), await pool.acquire()
    pool.release(kept)
    pool.discard(lost)

    assert await pool.acquire() is kept
    assert len(exchange.made) == 2


async def test_whoever_waits_longest_is_served_first_and_before_a_new_caller(pool: Pool) -> None:
    await pool.open()
    lent, _ = await pool.acquire(), await pool.acquire()
    waiting = [asyncio.create_task(pool.acquire()) for _ in range(2)]
    await asyncio.sleep(0)

    pool.release(lent)
    with pytest.raises(StorageUnavailableError):
        await pool.acquire()

    assert await waiting[0] is lent
    with pytest.raises(StorageUnavailableError):
        await waiting[1]


async def test_a_connection_that_was_lost_is_made_anew(pool: Pool, exchange: Exchange) -> None:
    await pool.open()
    for line in exchange.made:
        line.terminate()

    lent = {await pool.acquire(), await pool.acquire()}

    assert len(lent) == 2
    assert exchange.count_open == 2


async def test_who_waits_makes_the_connection_that_another_one_lost(
    pool: Pool, exchange: Exchange
) -> None:
    await pool.open()
    lost, _ = await pool.acquire(), await pool.acquire()
    waiting = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)

    pool.discard(lost)

    assert await waiting is not lost
    assert exchange.count_open == 2


async def test_a_pool_can_open_while_there_is_nobody_to_connect_to(
    pool: Pool, exchange: Exchange
) -> None:
    exchange.failure = StorageUnavailableError()
    with pytest.raises(StorageUnavailableError):
        await pool.open()
    exchange.failure = None

    lent = {await pool.acquire(), await pool.acquire()}

    assert len(lent) == 2


async def test_a_failure_to_connect_costs_no_slot(pool: Pool, exchange: Exchange) -> None:
    await pool.open()
    for line in exchange.made:
        line.terminate()
    exchange.failure = StorageUnavailableError()
    for _ in range(5):
        with pytest.raises(StorageUnavailableError):
            await pool.acquire()
    exchange.failure = None

    lent = {await pool.acquire(), await pool.acquire()}

    assert len(lent) == 2


async def test_who_is_cancelled_while_waiting_costs_no_slot(pool: Pool) -> None:
    await pool.open()
    first, _ = await pool.acquire(), await pool.acquire()
    waiting = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)

    waiting.cancel()
    await asyncio.wait([waiting])
    pool.release(first)

    assert await pool.acquire() is first


async def test_who_is_cancelled_just_when_served_costs_no_slot(pool: Pool) -> None:
    await pool.open()
    first, _ = await pool.acquire(), await pool.acquire()
    waiting = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)

    pool.release(first)
    waiting.cancel()
    await asyncio.wait([waiting])

    assert waiting.cancelled()
    assert await pool.acquire() is first


async def test_who_is_cancelled_while_connecting_costs_no_slot(
    pool: Pool, exchange: Exchange
) -> None:
    await pool.open()
    for line in exchange.made:
        line.terminate()
    for _ in range(5):
        connecting = asyncio.create_task(pool.acquire())
        await asyncio.sleep(0)
        connecting.cancel()
        await asyncio.wait([connecting])

    lent = {await pool.acquire(), await pool.acquire()}

    assert len(lent) == 2


async def test_idle_connections_can_be_made_anew(pool: Pool, exchange: Exchange) -> None:
    await pool.open()
    lent = await pool.acquire()

    pool.discard_idle()

    assert not lent.is_closed()
    assert await pool.acquire() is not lent
    assert (exchange.count_open, len(exchange.made)) == (2, 3)


async def test_a_closed_pool_has_no_connections_and_lends_none(
    pool: Pool, exchange: Exchange
) -> None:
    await pool.open()
    lent = await pool.acquire()

    await pool.close()
    pool.release(lent)

    assert exchange.count_open == 0
    with pytest.raises(StorageUnavailableError):
        await pool.acquire()


async def test_a_pool_that_was_never_opened_lends_nothing(pool: Pool) -> None:
    with pytest.raises(StorageUnavailableError):
        await pool.acquire()


async def test_a_closed_pool_can_be_opened_again(pool: Pool, exchange: Exchange) -> None:
    await pool.open()
    await pool.close()

    await pool.open()

    assert exchange.count_open == 2
