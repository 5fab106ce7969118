"""What goes wrong between the service and PostgreSQL, and that it goes right again."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text

from contract.adapters.postgres_probes import (
    CHANGE,
    LIMIT,
    PATIENCE,
    SLEEP,
    WRITE,
    frozen,
    pid_of,
)
from harness.postgres import as_service
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.adapters.postgres.accounts.users import PostgresUserRepository
from latchkey.adapters.postgres.audit.log import PostgresAuditLog
from latchkey.adapters.postgres.engine.access import Autocommit
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import Role
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError
from latchkey.testing.factories import UserFactory, audit_event, password_hash
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.ports.storage import added_user

pytestmark = pytest.mark.anyio


@pytest.fixture
async def patient(postgres_dsn: str) -> AsyncIterator[PostgresStorage]:
    """A storage that waits for a server with hundreds of cancelled connections to end first."""
    config = PostgresConfig(
        dsn=as_service(postgres_dsn),
        acquire_timeout=PATIENCE,
        connect_timeout=PATIENCE,
        statement_timeout=PATIENCE,
    )
    storage = PostgresStorage(config, FrozenClock())
    await storage.open()
    yield storage
    await storage.close()


async def test_a_read_whose_connection_was_lost_is_run_again(
    access: Autocommit, observer: asyncpg.Connection
) -> None:
    lost = await pid_of(access)
    await observer.execute("SELECT pg_terminate_backend($1, 5000)", lost)

    assert await pid_of(access) != lost


async def test_a_read_that_is_not_answered_is_run_again_elsewhere(access: Autocommit) -> None:
    lost = await pid_of(access)

    with frozen(lost):
        found = await pid_of(access)

    assert found != lost


async def test_a_change_that_is_not_answered_is_not_run_again(access: Autocommit) -> None:
    lost = await pid_of(access)

    with frozen(lost), pytest.raises(StorageUnavailableError):
        await access.rows(CHANGE)

    assert await pid_of(access) != lost


async def test_a_change_whose_connection_is_lost_meanwhile_fails_once(
    access: Autocommit, observer: asyncpg.Connection
) -> None:
    lost = await pid_of(access)
    sleeping = asyncio.create_task(access.rows(SLEEP))
    await asyncio.sleep(0)

    await observer.execute("SELECT pg_terminate_backend($1, 5000)", lost)

    with pytest.raises(StorageUnavailableError):
        await sleeping
    assert await pid_of(access) != lost


@pytest.mark.requirement("ER-5")
async def test_a_statement_that_takes_too_long_ends_and_its_connection_lives_on(
    access: Autocommit, pool: Pool
) -> None:
    before = await pid_of(access)
    await _limit_statements(pool)

    with pytest.raises(StorageUnavailableError):
        await access.rows(SLEEP)

    assert await pid_of(access) == before


async def _limit_statements(pool: Pool) -> None:
    """Have the server end statements long before the client gives up, late as it may be."""
    connection = await pool.acquire()
    await connection.execute("SET statement_timeout = 100")  # ms
    pool.release(connection)


@pytest.mark.requirement("ER-5")
async def test_who_waits_too_long_for_a_lock_is_told_so(
    access: Autocommit, observer: asyncpg.Connection
) -> None:
    await observer.execute("BEGIN; LOCK TABLE throttle_counts")

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


async def test_a_server_that_became_read_only_is_left(access: Autocommit, pool: Pool) -> None:
    before = await pid_of(access)
    connection = await pool.acquire()
    await connection.execute("SET default_transaction_read_only = on")
    pool.release(connection)

    with pytest.raises(StorageUnavailableError):
        await access.rows(Statement(text("DELETE FROM orders")))

    assert await pid_of(access) != before


async def test_a_broken_constraint_without_a_meaning_is_a_fault(
    postgres: PostgresStorage,
) -> None:
    user = UserFactory.build()
    await postgres.users.add(user, password_hash())

    with pytest.raises(StorageFaultError, match="users_pkey"):
        await postgres.users.add(UserFactory.build(id=user.id), password_hash())


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
async def test_a_value_that_can_not_be_stored_costs_no_connection(
    access: Autocommit, text: str
) -> None:
    before = await pid_of(access)

    with pytest.raises(StorageFaultError):
        await PostgresAuditLog(access).append(audit_event(text=text))
    with pytest.raises(StorageFaultError):
        await PostgresUserRepository(access).by_email(EmailAddress(text, text))

    assert await pid_of(access) == before


async def test_many_cancellations_lose_no_connection(patient: PostgresStorage) -> None:
    user = await added_user(patient)
    for round_ in range(40):
        tasks = [
            asyncio.create_task(patient.users.set_role(user.id, Role.ADMIN)) for _ in range(20)
        ]
        for _ in range(round_ % 8):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    found = await asyncio.gather(*(patient.users.by_email(user.email) for _ in range(30)))

    assert {each.id for each in found if each} == {user.id}
