"""Transactions on PostgreSQL give their connection back, whatever happens in them."""

import asyncio
from contextlib import ExitStack

import asyncpg
import pytest
from sqlalchemy import text

from contract.adapters.postgres_probes import READ, WRITE, frozen, pid_of
from latchkey.adapters.postgres.engine.access import Autocommit
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError

pytestmark = pytest.mark.anyio


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


async def test_a_roll_back_that_is_cancelled_takes_its_connection_with_it(
    access: Autocommit,
) -> None:
    before, reached = await pid_of(access), asyncio.Event()

    async def fail() -> None:
        async with access.transaction() as transaction:
            await transaction.rows(WRITE)
            stack.enter_context(frozen(before))
            reached.set()
            raise LookupError

    with ExitStack() as stack:
        task = asyncio.create_task(fail())
        await reached.wait()
        task.cancel()
        await asyncio.wait([task])

    assert task.cancelled()
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


async def test_a_transaction_that_is_not_committed_gives_the_connection_back(
    access: Autocommit, pool: Pool
) -> None:
    before = await pool.acquire()
    pool.release(before)

    async with access.transaction() as transaction:
        await transaction.rows(WRITE)

    after = await pool.acquire()
    pool.release(after)
    assert after is before
    assert not after.is_in_transaction()


async def test_a_transaction_whose_connection_is_lost_fails_and_lets_go(
    access: Autocommit, observer: asyncpg.Connection
) -> None:
    async def lose() -> None:
        async with access.transaction() as transaction:
            [row] = await transaction.rows(READ)
            await observer.execute("SELECT pg_terminate_backend($1, 5000)", row["pid"])
            await transaction.rows(READ)

    with pytest.raises(StorageUnavailableError):
        await lose()

    assert await pid_of(access)


async def test_a_transaction_that_loses_its_connection_warns_all_others(
    postgres_pool: Pool, observer: asyncpg.Connection
) -> None:
    access = Autocommit(postgres_pool)

    async def lose() -> None:
        async with access.transaction() as transaction:
            [row] = await transaction.rows(READ)
            await observer.execute("SELECT pg_terminate_backend($1, 5000)", row["pid"])
            await transaction.rows(READ)

    lent, idle, last_used = [await postgres_pool.acquire() for _ in range(3)]
    postgres_pool.release(idle)
    postgres_pool.release(last_used)

    with pytest.raises(StorageUnavailableError):
        await lose()

    assert (lent.is_closed(), idle.is_closed()) == (False, True)
    postgres_pool.release(lent)


async def test_a_commit_that_is_not_answered_is_not_known_to_last(access: Autocommit) -> None:
    lost = await pid_of(access)

    async def commit() -> None:
        async with access.transaction() as transaction:
            await transaction.rows(WRITE)
            with frozen(lost):
                await transaction.commit()

    with pytest.raises(StorageUnavailableError):
        await commit()

    assert await pid_of(access) != lost


async def test_a_transaction_that_failed_can_not_be_committed(access: Autocommit) -> None:
    async def go_on() -> None:
        async with access.transaction() as transaction:
            with pytest.raises(StorageFaultError):
                await transaction.rows(Statement(text("SELECT 1 / 0")))
            await transaction.commit()

    with pytest.raises(StorageUnavailableError):
        await go_on()
