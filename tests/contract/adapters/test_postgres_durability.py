"""What is on disk when PostgreSQL has answered: the end of a session always, a rotation later."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import asyncpg
import pytest

from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.adapters.postgres.engine.access import Autocommit
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.sessions.sessions import PostgresSessionRepository
from latchkey.adapters.postgres.throttling.throttle import PostgresThrottle
from latchkey.adapters.postgres.unit_of_work import PostgresUnitsOfWork
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import IDLE, Opened, opened_session
from latchkey.testing.ports.throttle_hits import ONE, SHARED

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.alone("counts writes to the log of a server that other tests use"),
]

LATER = START + timedelta(minutes=15)
IDLE_WAL_WRITER = """
    SELECT pid FROM pg_stat_activity
     WHERE backend_type = 'walwriter' AND wait_event = 'WalWriterMain'
"""


@dataclass(frozen=True, slots=True)
class OneConnection:
    """Everything runs on one connection; nobody but it writes the log to disk."""

    access: Autocommit
    pool: Pool
    observer: asyncpg.Connection

    async def flushed(self) -> int:
        """Return the position up to which the log is on disk."""
        position = await self.observer.fetchval("SELECT pg_current_wal_flush_lsn() - '0/0'")
        return int(position)

    async def synchronous_commit(self) -> str:
        """Tell what holds between two statements."""
        connection = await self.pool.acquire()
        self.pool.release(connection)
        return str(await connection.fetchval("SHOW synchronous_commit"))


@asynccontextmanager
async def without_wal_writer(observer: asyncpg.Connection) -> AsyncIterator[None]:
    """Stop the process that writes the log for those that did not wait."""
    pid = await _stop_wal_writer(observer)
    yield
    os.kill(pid, signal.SIGCONT)


async def _stop_wal_writer(observer: asyncpg.Connection) -> int:
    """Stop it while it is idle: amid a write it holds a lock that others wait for."""
    async with asyncio.timeout(10):
        while True:
            pid: int | None = await observer.fetchval(IDLE_WAL_WRITER)
            if pid is None:
                continue
            os.kill(pid, signal.SIGSTOP)
            if await observer.fetchval(IDLE_WAL_WRITER) == pid:
                return pid
            os.kill(pid, signal.SIGCONT)


@pytest.fixture
async def one(postgres_dsn: str) -> AsyncIterator[OneConnection]:
    pool = Pool(partial(connect, PostgresConfig(dsn=postgres_dsn)), size=1, acquire_timeout=10)
    await pool.open()
    observer = await asyncpg.connect(postgres_dsn)
    async with without_wal_writer(observer):
        yield OneConnection(Autocommit(pool), pool, observer)
    await observer.close()
    await pool.close()


@pytest.fixture
async def opened(postgres: PostgresStorage) -> Opened:
    return await opened_session(postgres)


async def test_a_rotation_does_not_wait_for_the_disk(one: OneConnection, opened: Opened) -> None:
    sessions = PostgresSessionRepository(one.access)
    before = await one.flushed()

    assert await sessions.rotate(opened.token, current=0, now=LATER, idle=IDLE)

    assert await one.flushed() == before


async def test_a_rotation_soon_after_another_waits_for_both_to_be_on_disk(
    one: OneConnection, opened: Opened
) -> None:
    sessions = PostgresSessionRepository(one.access)
    assert await sessions.rotate(opened.token, current=0, now=LATER, idle=IDLE)
    before = await one.flushed()

    following, soon = replace(opened.token, generation=1), LATER + timedelta(seconds=1)
    assert await sessions.rotate(following, current=1, now=soon, idle=IDLE)

    assert await one.flushed() > before


async def test_the_end_of_a_session_waits_for_the_disk_even_after_a_rotation(
    one: OneConnection, opened: Opened
) -> None:
    sessions = PostgresSessionRepository(one.access)
    assert await sessions.rotate(opened.token, current=0, now=LATER, idle=IDLE)
    before = await one.flushed()

    assert await sessions.end(opened.token, EndReason.LOGGED_OUT)

    assert await one.flushed() > before


async def test_the_end_of_all_sessions_waits_for_the_disk(
    one: OneConnection, opened: Opened
) -> None:
    before = await one.flushed()

    await PostgresSessionRepository(one.access).end_all(opened.user.id, EndReason.REVOKED)

    assert await one.flushed() > before


async def test_a_rotation_leaves_the_connection_as_it_was(
    one: OneConnection, opened: Opened
) -> None:
    sessions = PostgresSessionRepository(one.access)

    assert await sessions.rotate(opened.token, current=0, now=LATER, idle=IDLE)

    assert await one.synchronous_commit() == "on"


async def test_a_unit_of_work_with_a_rotation_in_it_waits_for_the_disk(
    one: OneConnection, opened: Opened
) -> None:
    before = await one.flushed()

    async with PostgresUnitsOfWork(one.access).begin() as unit:
        assert await unit.sessions.rotate(opened.token, current=0, now=LATER, idle=IDLE)
        await unit.commit()

    assert await one.flushed() > before


async def test_counting_attempts_does_not_wait_for_the_disk(one: OneConnection) -> None:
    throttle = PostgresThrottle(one.access)
    before = await one.flushed()

    await throttle.hit(SHARED, ONE, now=START)
    await throttle.refund(SHARED, now=START)
    await throttle.succeed(ONE, now=START)

    assert await one.flushed() == before
    assert await one.synchronous_commit() == "on"


@pytest.mark.parametrize(
    ("configured", "effective"),
    [("off", "on"), ("local", "local"), ("remote_apply", "remote_apply")],
)
async def test_a_database_that_is_set_to_forget_is_overruled(
    own_postgres_dsn: str, configured: str, effective: str
) -> None:
    administrator = await asyncpg.connect(own_postgres_dsn)
    name = await administrator.fetchval("SELECT current_database()")
    await administrator.execute(f"ALTER DATABASE {name} SET synchronous_commit = {configured}")
    await administrator.close()

    connection = await connect(PostgresConfig(dsn=own_postgres_dsn))

    assert await connection.fetchval("SHOW synchronous_commit") == effective
    await connection.close()
