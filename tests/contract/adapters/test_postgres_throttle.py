"""What the throttle keeps in PostgreSQL, and how several of them keep out of each other's way."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial

import asyncpg
import pytest

from contract.adapters.postgres_plans import NESTED_LOOPS_ALONE
from latchkey.adapters.postgres import PostgresConfig
from latchkey.adapters.postgres.engine.access import Autocommit
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.throttling.statements import PRUNE
from latchkey.adapters.postgres.throttling.throttle import (
    KNOWN_FOR,
    PostgresLoginThrottle,
    count_key,
)
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.admission import (
    ACCOUNT,
    ADA,
    ADDRESS,
    BOB,
    BOTH,
    ELSEWHERE,
    HOME,
    MINUTE,
    fill,
    fill_with_strangers,
)

pytestmark = pytest.mark.anyio

EVERYTHING = "SELECT string_agg(login_attempts::text, ' ') FROM login_attempts"
SECRET = "violet-Kettle-41-harbour"
DAY = timedelta(days=1)

IN_ORDER = [count_key("address", HOME), count_key("pair", HOME, ADA), count_key("strangers", ADA)]
LOCK = "SELECT FROM login_attempts WHERE key = $1 FOR UPDATE"
LOCK_WHAT_IS_FREE = "SELECT key FROM login_attempts FOR UPDATE SKIP LOCKED"
IS_SOMEBODY_WAITING = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'
    )
"""

Ask = Callable[[PostgresLoginThrottle, str, str, datetime], Coroutine[None, None, object]]


@pytest.fixture
def throttle(postgres_pool: Pool) -> PostgresLoginThrottle:
    return PostgresLoginThrottle(Autocommit(postgres_pool), BOTH)


async def test_nothing_of_what_was_typed_is_kept(
    throttle: PostgresLoginThrottle, observer: asyncpg.Connection
) -> None:
    await throttle.admit(SECRET, HOME, START)
    await throttle.absolve(SECRET, HOME, START)

    kept = await observer.fetchval(EVERYTHING)

    assert kept
    assert all(text not in kept for text in (SECRET, SECRET.encode().hex(), HOME))


async def test_a_text_of_any_length_takes_as_much_room(
    throttle: PostgresLoginThrottle, observer: asyncpg.Connection
) -> None:
    for account in ("", "a", "a" * 16_384):
        await throttle.admit(account, HOME, START)

    lengths = await observer.fetch("SELECT DISTINCT octet_length(key) FROM login_attempts")

    assert [tuple(row) for row in lengths] == [(16,)]


async def test_replicas_count_together(throttle: PostgresLoginThrottle, postgres_dsn: str) -> None:
    pool = Pool(partial(connect, PostgresConfig(dsn=postgres_dsn)), size=1, acquire_timeout=9)
    await pool.open()
    replica = PostgresLoginThrottle(Autocommit(pool), BOTH)
    await fill(throttle, HOME)

    wait = await replica.admit(ADA, HOME, START)

    await pool.close()
    assert wait == MINUTE


async def test_attempts_at_the_same_counts_at_once_never_wait_for_each_other_for_good(
    throttle: PostgresLoginThrottle,
) -> None:
    chance = random.Random(0)  # noqa: S311 - any order will do, and the same one each time

    async def attempt(number: int) -> None:
        account, address = chance.choice([ADA, BOB]), chance.choice([HOME, ELSEWHERE])
        now = START + number * MINUTE
        await throttle.admit(account, address, now)
        await throttle.absolve(account, address, now)
        await throttle.prune(now, limit=10)

    await asyncio.gather(*(attempt(number) for number in range(200)))


@pytest.mark.parametrize("blocked", [0, 1, 2])
@pytest.mark.parametrize("ask", [PostgresLoginThrottle.admit, PostgresLoginThrottle.absolve])
async def test_counts_are_locked_in_one_order_by_all(
    throttle: PostgresLoginThrottle, observer: asyncpg.Connection, ask: Ask, blocked: int
) -> None:
    await throttle.admit(ADA, HOME, START)
    await observer.execute("BEGIN")
    await observer.execute(LOCK, IN_ORDER[blocked])
    asking = asyncio.create_task(ask(throttle, ADA, HOME, START))
    async with asyncio.timeout(10):
        while not await observer.fetchval(IS_SOMEBODY_WAITING):
            pass

    free = {row["key"] for row in await observer.fetch(LOCK_WHAT_IS_FREE)}

    await observer.execute("ROLLBACK")
    await asking
    assert free == set(IN_ORDER[blocked:])


async def test_pruning_stops_at_its_limit_however_it_is_planned(
    throttle: PostgresLoginThrottle, observer: asyncpg.Connection
) -> None:
    for account in "abcde":
        await throttle.admit(account, HOME, START)
    values = {"now": START + DAY, "known_until": START - DAY, "limit": 2}
    await observer.execute(NESTED_LOOPS_ALONE)

    pruned = await observer.fetch(PRUNE.sql, *PRUNE.arguments(values))

    assert len(pruned) == 2


async def test_pruning_does_not_wait_for_a_count_that_is_in_use(
    throttle: PostgresLoginThrottle, observer: asyncpg.Connection
) -> None:
    await throttle.admit(ADA, HOME, START)
    await observer.execute("BEGIN")
    await observer.execute(LOCK, IN_ORDER[0])

    pruned = await throttle.prune(START + DAY, limit=100)

    await observer.execute("ROLLBACK")
    assert pruned == len(IN_ORDER) - 1


async def test_a_known_address_takes_nothing_back_from_strangers(
    throttle: PostgresLoginThrottle,
) -> None:
    await throttle.absolve(ADA, HOME, START)
    await fill_with_strangers(throttle)

    await throttle.admit(ADA, HOME, START)
    await throttle.absolve(ADA, HOME, START)

    assert await throttle.admit(ADA, ELSEWHERE, START) is not None


async def test_a_long_silence_saves_up_no_attempts(throttle: PostgresLoginThrottle) -> None:
    await throttle.admit(ADA, HOME, START)

    waits = [await throttle.admit(ADA, HOME, START + DAY) for _ in range(ACCOUNT.count + 1)]

    assert waits == [None] * ACCOUNT.count + [MINUTE]


async def test_a_wait_is_told_even_if_others_have_just_filled_the_count(
    throttle: PostgresLoginThrottle,
) -> None:
    waits = await asyncio.gather(*(throttle.admit(ADA, HOME, START) for _ in range(30)))

    refused = [wait for wait in waits if wait is not None]
    assert len(refused) == len(waits) - ACCOUNT.count
    assert all(timedelta(0) < wait <= max(ACCOUNT.interval, ADDRESS.interval) for wait in refused)


async def test_an_address_that_nobody_logs_in_from_any_more_is_forgotten(
    throttle: PostgresLoginThrottle,
) -> None:
    await throttle.absolve(ADA, HOME, START)
    later = START + KNOWN_FOR
    kept = await throttle.prune(later - DAY, limit=100)
    pruned = await throttle.prune(later, limit=100)
    await fill_with_strangers(throttle, later)

    wait = await throttle.admit(ADA, HOME, later)

    assert (kept, pruned) == (0, 1)
    assert wait is not None


async def test_an_address_that_is_still_logged_in_from_is_not_forgotten(
    throttle: PostgresLoginThrottle,
) -> None:
    await throttle.absolve(ADA, HOME, START)
    await throttle.absolve(ADA, HOME, START + DAY)

    assert await throttle.prune(START + KNOWN_FOR, limit=100) == 0
