"""Borders of sessions in PostgreSQL, to the microsecond."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from contract.adapters.postgres_plans import NESTED_LOOPS_ALONE
from latchkey.adapters.postgres import PostgresStorage
from latchkey.adapters.postgres.sessions.statements import PRUNE
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import IDLE, MICROSECOND, SECOND, opened_session
from latchkey.testing.ports.throttle_hits import ONE

pytestmark = pytest.mark.anyio

LONG = timedelta(days=365)
ANY_AGE = {"after": UUID(int=0), "first_kept": UUID(int=2**128 - 1)}
MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize(("early", "is_rotated"), [(MICROSECOND, True), (timedelta(0), False)])
async def test_a_session_is_over_at_its_absolute_expiry(
    postgres: PostgresStorage, early: timedelta, *, is_rotated: bool
) -> None:
    opened = await opened_session(postgres)
    now = opened.session.expires_at - early

    rotated = await postgres.sessions.rotate(opened.token, current=0, now=now, idle=LONG)

    assert (rotated is not None) is is_rotated


@pytest.mark.parametrize(("early", "is_rotated"), [(MICROSECOND, True), (timedelta(0), False)])
async def test_a_session_is_over_when_it_was_idle_for_so_long(
    postgres: PostgresStorage, early: timedelta, *, is_rotated: bool
) -> None:
    opened = await opened_session(postgres)
    now = START + IDLE - early

    rotated = await postgres.sessions.rotate(opened.token, current=0, now=now, idle=IDLE)

    assert (rotated is not None) is is_rotated


@pytest.mark.requirement("RS-6")
async def test_nothing_of_a_token_is_kept_but_the_hash_of_its_secret(
    postgres: PostgresStorage, observer: asyncpg.Connection
) -> None:
    opened = await opened_session(postgres)
    await postgres.sessions.rotate(opened.token, current=0, now=START, idle=IDLE)

    kept = await observer.fetchval("SELECT string_agg(sessions::text, '') FROM sessions")

    assert opened.token.secret_hash.hex() in kept
    assert opened.token.secret.hex() not in kept


async def test_pruning_stops_at_its_limit_however_it_is_planned(
    postgres: PostgresStorage, observer: asyncpg.Connection
) -> None:
    for _ in range(5):
        await opened_session(postgres)
    values = {**ANY_AGE, "limit": 2}
    await observer.execute(NESTED_LOOPS_ALONE)

    pruned = await observer.fetch(PRUNE.sql, *PRUNE.arguments(values))

    assert len(pruned) == 2


async def test_pruning_passes_by_a_session_that_is_in_use(
    postgres: PostgresStorage, observer: asyncpg.Connection
) -> None:
    used, unused = await opened_session(postgres), await opened_session(postgres)
    await observer.execute("BEGIN")
    await observer.execute("SELECT FROM sessions WHERE id = $1 FOR UPDATE", used.session.id)

    pruned = await postgres.sessions.prune(START + SECOND, limit=9)

    await observer.execute("ROLLBACK")
    assert pruned == (unused.session.id,)
    assert await postgres.sessions.find(unused.session.id) is None


async def test_while_somebody_prunes_nobody_else_does_and_nobody_waits(
    postgres: PostgresStorage, observer: asyncpg.Connection
) -> None:
    opened = [await opened_session(postgres) for _ in range(3)]
    await postgres.throttle.hit(ONE, now=START)
    values = {**ANY_AGE, "limit": 1}
    await observer.execute("BEGIN")
    pruned = await observer.fetch(PRUNE.sql, *PRUNE.arguments(values))

    meanwhile = await prune(postgres)
    await observer.execute("COMMIT")
    afterwards = await prune(postgres)

    assert len(pruned) == 1
    assert meanwhile == (0, 0)
    assert afterwards == (len(opened) - 1, 1)


async def prune(postgres: PostgresStorage) -> tuple[int, int]:
    return (
        len(await postgres.sessions.prune(START + SECOND, limit=9)),
        await postgres.throttle.prune(START + 2 * LONG, limit=9),
    )
