"""What the throttle keeps in PostgreSQL, and how several of them keep out of each other's way."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from typing import Final

import asyncpg
import pytest

from contract.adapters.postgres_plans import NESTED_LOOPS_ALONE
from latchkey.adapters.memory.throttling.throttle import MemoryThrottle
from latchkey.adapters.postgres import PostgresConfig
from latchkey.adapters.postgres.engine.access import Autocommit, Transaction
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.throttling.statements import PRUNE
from latchkey.adapters.postgres.throttling.throttle import PostgresThrottle, key_of
from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.throttle import Count, Counting, Throttle
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.throttle_hits import (
    DAY,
    MINUTE,
    ONE,
    RATE,
    SHARED,
    TWO,
    left,
)

pytestmark = pytest.mark.anyio

EVERYTHING = "SELECT string_agg(throttle_counts::text, ' ') FROM throttle_counts"
SECRET = "violet-Kettle-41-harbour"

IN_ORDER = (SHARED, ONE, TWO)
UNEVEN = Count(purpose="coffee", parts=(), rate=Rate(count=7, period=2 * MINUTE))
ODD_SUCCESSES = replace(UNEVEN, parts=("milk",), counting=Counting.SUCCESSES)
LOCK = "SELECT FROM throttle_counts WHERE key = $1 FOR UPDATE"
LOCK_WHAT_IS_FREE = "SELECT key FROM throttle_counts FOR UPDATE SKIP LOCKED"
IS_SOMEBODY_WAITING = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'
    )
"""
Step = Callable[[Throttle, Sequence[Count], datetime], Awaitable[timedelta | None]]


async def hit(throttle: Throttle, counts: Sequence[Count], now: datetime) -> timedelta | None:
    return await throttle.hit(*counts, now=now)


async def refund(throttle: Throttle, counts: Sequence[Count], now: datetime) -> None:
    await throttle.refund(*counts, now=now)


async def succeed(throttle: Throttle, counts: Sequence[Count], now: datetime) -> None:
    await throttle.succeed(*counts, now=now)


STEPS: Final[Sequence[Step]] = (hit, refund, succeed)


@pytest.fixture
def throttle(postgres_pool: Pool) -> PostgresThrottle:
    return PostgresThrottle(Autocommit(postgres_pool))


async def test_nothing_of_what_was_typed_is_kept(
    throttle: PostgresThrottle, observer: asyncpg.Connection
) -> None:
    await throttle.hit(replace(ONE, parts=(SECRET,)), now=START)

    kept = await observer.fetchval(EVERYTHING)

    assert kept
    assert all(text not in kept for text in (SECRET, SECRET.encode().hex()))


async def test_a_text_of_any_length_takes_as_much_room(
    throttle: PostgresThrottle, observer: asyncpg.Connection
) -> None:
    for text in ("", "a", "a" * 16_384):
        await throttle.hit(replace(ONE, parts=(text,)), now=START)

    lengths = await observer.fetch("SELECT DISTINCT octet_length(key) FROM throttle_counts")

    assert [tuple(row) for row in lengths] == [(16,)]


async def test_replicas_count_together(throttle: PostgresThrottle, postgres_dsn: str) -> None:
    pool = Pool(partial(connect, PostgresConfig(dsn=postgres_dsn)), size=1, acquire_timeout=9)
    await pool.open()
    replica = PostgresThrottle(Autocommit(pool))
    await left(throttle, ONE)

    wait = await replica.hit(ONE, now=START)

    await pool.close()
    assert wait == MINUTE


async def test_steps_at_once_never_wait_for_each_other_for_good(
    throttle: PostgresThrottle,
) -> None:
    chance = random.Random(0)  # noqa: S311 - any order will do, and the same one each time

    async def attempt(number: int) -> None:
        counts = [count for count in IN_ORDER if chance.random() < 0.8]
        now = START + number * MINUTE
        await throttle.hit(*counts, now=now)
        await throttle.refund(*counts, now=now)
        await throttle.succeed(*counts, now=now)
        await throttle.prune(now, limit=10)

    await asyncio.gather(*(attempt(number) for number in range(200)))


@pytest.mark.parametrize("counts", [IN_ORDER, IN_ORDER[::-1]])
@pytest.mark.parametrize(("step", "blocked"), [*product(STEPS, range(len(IN_ORDER)))])
async def test_rows_are_locked_in_the_order_in_which_they_are_given(
    throttle: PostgresThrottle,
    observer: asyncpg.Connection,
    step: Step,
    blocked: int,
    counts: Sequence[Count],
) -> None:
    keys = [*map(key_of, counts)]
    await hit(throttle, counts, START)
    await observer.execute("BEGIN")
    await observer.execute(LOCK, keys[blocked])
    asking = asyncio.ensure_future(step(throttle, counts, START))
    await somebody_waits(observer)

    free = {row["key"] for row in await observer.fetch(LOCK_WHAT_IS_FREE)}

    await observer.execute("ROLLBACK")
    await asking
    assert free == set(keys[blocked:])


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("first", STEPS)
@pytest.mark.parametrize("second", STEPS)
async def test_a_step_that_had_to_wait_builds_on_what_it_waited_for(
    throttle: PostgresThrottle,
    observer: asyncpg.Connection,
    first: Step,
    second: Step,
    *,
    is_new: bool,
) -> None:
    memory, other = MemoryThrottle(), PostgresThrottle(Transaction(observer))
    for each in (throttle, memory):
        await hit(each, () if is_new else [ONE], START)
    await observer.execute("BEGIN")
    await first(other, [ONE], START)
    asking = asyncio.ensure_future(second(throttle, [ONE], START))
    await somebody_waits(observer)
    await observer.execute("COMMIT")
    await asking

    await first(memory, [ONE], START)
    await second(memory, [ONE], START)

    assert await left(throttle, ONE) == await left(memory, ONE)


async def test_it_says_the_same_as_memory_whatever_happens(throttle: PostgresThrottle) -> None:
    chance = random.Random(0)  # noqa: S311 - the same steps each time
    memory, now = MemoryThrottle(), START

    for _ in range(500):
        now += chance.choice([timedelta(0), timedelta(0), MINUTE / 7, MINUTE])
        counts = chance.sample([SHARED, ONE, UNEVEN, ODD_SUCCESSES], chance.randint(0, 4))
        step = chance.choice([hit, hit, hit, *STEPS])

        assert await step(throttle, counts, now) == await step(memory, counts, now)


async def test_pruning_stops_at_its_limit_however_it_is_planned(
    throttle: PostgresThrottle, observer: asyncpg.Connection
) -> None:
    for part in "abcde":
        await throttle.hit(replace(ONE, parts=(part,)), now=START)
    await observer.execute(NESTED_LOOPS_ALONE)

    pruned = await observer.fetch(PRUNE.sql, *PRUNE.arguments({"now": START + DAY, "limit": 2}))

    assert len(pruned) == 2


async def test_pruning_does_not_wait_for_a_count_that_is_in_use(
    throttle: PostgresThrottle, observer: asyncpg.Connection
) -> None:
    await throttle.hit(*IN_ORDER, now=START)
    await observer.execute("BEGIN")
    await observer.execute(LOCK, key_of(IN_ORDER[0]))

    pruned = await throttle.prune(START + DAY, limit=100)

    await observer.execute("ROLLBACK")
    assert pruned == len(IN_ORDER) - 1


async def test_a_long_silence_saves_up_no_hits(throttle: PostgresThrottle) -> None:
    await throttle.hit(ONE, now=START)

    waits = [await throttle.hit(ONE, now=START + DAY) for _ in range(RATE.count + 1)]

    assert waits == [None] * RATE.count + [MINUTE]


async def test_a_wait_is_told_even_if_others_have_just_filled_the_count(
    throttle: PostgresThrottle, observer: asyncpg.Connection
) -> None:
    await observer.execute("BEGIN")
    await left(PostgresThrottle(Transaction(observer)), ONE)
    asking = asyncio.ensure_future(throttle.hit(ONE, now=START))
    await somebody_waits(observer)

    await observer.execute("COMMIT")

    assert await asking == RATE.interval


async def somebody_waits(observer: asyncpg.Connection) -> None:
    """Return when a statement waits for a lock."""
    async with asyncio.timeout(10):
        while not await observer.fetchval(IS_SOMEBODY_WAITING):
            pass
