"""Takeovers of PostgreSQL are noticed early; a server that tells nothing of them costs nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Final

import asyncpg
import pytest

from harness.postgres import as_service
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.adapters.postgres.sessions import takeovers
from latchkey.testing.frozen_clock import START, FrozenClock

pytestmark = pytest.mark.anyio

PATIENCE: Final = 10  # s, for what takes none of them
HIDING: Final = {
    "no right to read": "REVOKE SELECT ON timelines FROM latchkey_service",
    "no right to add": "REVOKE INSERT ON timelines FROM latchkey_service",
    "no table": "DROP TABLE timelines",
    "no right to ask": "REVOKE EXECUTE ON FUNCTION pg_walfile_name(pg_lsn) FROM PUBLIC",
    "no timelines": """
        ALTER FUNCTION pg_walfile_name(pg_lsn) RENAME TO hidden;
        CREATE FUNCTION pg_catalog.pg_walfile_name(pg_lsn) RETURNS text
        LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'this server has none' USING ERRCODE = 'feature_not_supported'; END
        $$
    """,
}


@pytest.fixture
async def owner(own_postgres_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(own_postgres_dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def storage(own_postgres_dsn: str, clock: FrozenClock) -> AsyncIterator[PostgresStorage]:
    config = PostgresConfig(dsn=as_service(own_postgres_dsn), pool_size=1)
    storage = PostgresStorage(config, clock)
    await storage.open()
    yield storage
    await storage.close()


@pytest.mark.parametrize("hiding", HIDING.values(), ids=HIDING)
async def test_where_timelines_are_hidden_no_takeover_is_known_and_the_log_says_so_once(
    storage: PostgresStorage,
    owner: asyncpg.Connection,
    caplog: pytest.LogCaptureFixture,
    hiding: str,
) -> None:
    await owner.execute("INSERT INTO timelines (id) VALUES ('before')")
    await owner.execute(hiding)

    with caplog.at_level(logging.WARNING):
        latest = [await storage.takeovers.latest(START) for _ in range(2)]

    assert latest == [None, None]
    [warning] = caplog.messages
    assert warning.startswith("takeovers of the database are not noticed: ")


async def test_a_service_notes_by_itself_which_copy_it_works_on(
    own_postgres_dsn: str, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takeovers, "_FIRST", 0)
    monkeypatch.setattr(takeovers, "_EVERY", 0.01)
    storage = PostgresStorage(PostgresConfig(dsn=as_service(own_postgres_dsn)))
    await storage.open()

    noted = [await _noted(owner)]
    await owner.execute("UPDATE timelines SET id = 'before ' || id")
    noted.append(await _noted(owner))
    await storage.close()

    current = await owner.fetchval("SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)")
    assert [timeline for timeline, _ in noted] == [current, current]
    assert [first_seen_at is None for _, first_seen_at in noted] == [True, False]


async def _noted(owner: asyncpg.Connection) -> tuple[object, ...]:
    """Wait until the present timeline is noted."""
    async with asyncio.timeout(PATIENCE):
        while True:
            row = await owner.fetchrow(
                "SELECT id, first_seen_at FROM timelines WHERE id NOT LIKE 'before %'"
            )
            if row is not None:
                return tuple(row)
