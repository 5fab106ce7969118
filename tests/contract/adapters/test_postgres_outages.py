"""What goes wrong between the service and PostgreSQL, and that it goes right again."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final

import asyncpg
import pytest
from sqlalchemy import func, literal_column, select, text

from adapters.postgres import PostgresAdapters, PostgresConfig
from adapters.postgres.access import Autocommit
from adapters.postgres.connection import connect
from adapters.postgres.pool import Pool
from adapters.postgres.statement import Statement
from contract.ports.storage import added_user
from domain.errors import StorageUnavailableError
from domain.user import Role
from factories import UserFactory, password_hash

pytestmark = pytest.mark.anyio

LIMIT: Final = timedelta(seconds=0.3)
READ: Final = Statement(select(func.pg_backend_pid().label("pid")), is_read=True)
CHANGE: Final = Statement(select(func.pg_backend_pid().label("pid")))
SLEEP: Final = Statement(select(func.pg_sleep(literal_column("9"))))
WRITE: Final = Statement(text("INSERT INTO login_attempts SELECT now(), false, sha224('') LIMIT 0"))


@pytest.fixture
async def pool(postgres_dsn: str) -> AsyncIterator[Pool]:
    """A pool of one connection, so that everybody gets the same."""
    config = PostgresConfig(dsn=postgres_dsn, statement_timeout=LIMIT)
    pool = Pool(partial(connect, config), size=1, acquire_timeout=5)
    await pool.open()
    yield pool
    await pool.close()


@pytest.fixture
def access(pool: Pool) -> Autocommit:
    return Autocommit(pool)


@pytest.fixture
async def administrator(postgres_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres_dsn)
    yield connection
    await connection.close()


async def pid_of(access: Autocommit) -> int:
    """Tell which server process answers."""
    [row] = await access.rows(READ)
    return int(row["pid"])


@asynccontextmanager
async def frozen(pid: int) -> AsyncIterator[None]:
    """Have a server process neither answer nor go away, as if its machine had frozen."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_a_read_whose_connection_was_lost_is_run_again(
    access: Autocommit, administrator: asyncpg.Connection
) -> None:
    lost = await pid_of(access)
    await administrator.execute("SELECT pg_terminate_backend($1, 5000)", lost)

    assert await pid_of(access) != lost


async def test_a_read_that_is_not_answered_is_run_again_elsewhere(access: Autocommit) -> None:
    lost = await pid_of(access)

    async with frozen(lost):
        found = await pid_of(access)

    assert found != lost


async def test_a_change_that_is_not_answered_is_not_run_again(access: Autocommit) -> None:
    lost = await pid_of(access)

    async with frozen(lost):
        with pytest.raises(StorageUnavailableError):
            await access.rows(CHANGE)

    assert await pid_of(access) != lost


async def test_a_change_whose_connection_is_lost_meanwhile_fails_once(
    access: Autocommit, administrator: asyncpg.Connection
) -> None:
    lost = await pid_of(access)
    sleeping = asyncio.create_task(access.rows(SLEEP))
    await asyncio.sleep(0)

    await administrator.execute("SELECT pg_terminate_backend($1, 5000)", lost)

    with pytest.raises(StorageUnavailableError):
        await sleeping
    assert await pid_of(access) != lost


async def test_a_statement_that_takes_too_long_ends_and_its_connection_lives_on(
    access: Autocommit,
) -> None:
    before = await pid_of(access)

    with pytest.raises(StorageUnavailableError):
        await access.rows(SLEEP)

    assert await pid_of(access) == before


async def test_who_waits_too_long_for_a_lock_is_told_so(
    access: Autocommit, administrator: asyncpg.Connection
) -> None:
    await administrator.execute("BEGIN; LOCK TABLE login_attempts")

    with pytest.raises(StorageUnavailableError):
        async with asyncio.timeout(10 * LIMIT.total_seconds()):
            await access.rows(WRITE)


async def test_a_cancelled_statement_takes_its_connection_with_it(access: Autocommit) -> None:
    before = await pid_of(access)
    task = asyncio.create_task(access.rows(SLEEP))
    await asyncio.sleep(0)

    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
    assert await pid_of(access) != before


async def test_a_cancelled_transaction_takes_its_connection_with_it(access: Autocommit) -> None:
    before, reached = await pid_of(access), asyncio.Event()

    async def stall() -> None:
        async with access.transaction():
            reached.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stall())
    await reached.wait()
    task.cancel()
    await asyncio.wait([task])

    assert await pid_of(access) != before


async def test_an_error_in_a_transaction_rolls_back_and_gives_the_connection_back(
    access: Autocommit, pool: Pool
) -> None:
    before = await pool.acquire()
    pool.release(before)

    async def fail() -> None:
        async with access.transaction() as transaction:
            await transaction.rows(WRITE)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    after = await pool.acquire()
    pool.release(after)
    assert after is before
    assert not after.is_in_transaction()


async def test_a_transaction_whose_connection_is_lost_fails_and_lets_go(
    access: Autocommit, administrator: asyncpg.Connection
) -> None:
    async def lose() -> None:
        async with access.transaction() as transaction:
            [row] = await transaction.rows(READ)
            await administrator.execute("SELECT pg_terminate_backend($1, 5000)", row["pid"])
            await transaction.rows(READ)

    with pytest.raises(StorageUnavailableError):
        await lose()

    assert await pid_of(access)


async def test_a_commit_that_is_not_answered_is_not_known_to_last(access: Autocommit) -> None:
    lost = await pid_of(access)

    async def commit() -> None:
        async with access.transaction() as transaction:
            await transaction.rows(WRITE)
            async with frozen(lost):
                await transaction.commit()

    with pytest.raises(StorageUnavailableError):
        await commit()

    assert await pid_of(access) != lost


async def test_a_transaction_that_failed_can_not_be_committed(access: Autocommit) -> None:
    async def go_on() -> None:
        async with access.transaction() as transaction:
            with pytest.raises(StorageUnavailableError):
                await transaction.rows(Statement(text("SELECT 1 / 0")))
            await transaction.commit()

    with pytest.raises(StorageUnavailableError):
        await go_on()


async def test_a_server_that_became_read_only_is_left(access: Autocommit, pool: Pool) -> None:
    before = await pid_of(access)
    connection = await pool.acquire()
    await connection.execute("SET default_transaction_read_only = on")
    pool.release(connection)

    with pytest.raises(StorageUnavailableError):
        await access.rows(Statement(text("DELETE FROM orders")))

    assert await pid_of(access) != before


async def test_a_broken_constraint_without_a_meaning_is_a_failure_of_the_storage(
    postgres: PostgresAdapters,
) -> None:
    user = UserFactory.build()
    await postgres.users.add(user, password_hash())

    with pytest.raises(StorageUnavailableError):
        await postgres.users.add(UserFactory.build(id=user.id), password_hash())


async def test_many_cancellations_lose_no_connection(postgres: PostgresAdapters) -> None:
    user = await added_user(postgres)
    for round_ in range(40):
        tasks = [
            asyncio.create_task(postgres.users.change(user.id, role=Role.ADMIN)) for _ in range(20)
        ]
        for _ in range(round_ % 8):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    found = await asyncio.gather(*(postgres.users.by_email(user.email) for _ in range(30)))

    assert {each.id for each in found if each} == {user.id}
