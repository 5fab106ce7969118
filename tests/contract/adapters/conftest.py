"""What the tests of the PostgreSQL adapter share."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from uuid import UUID

import asyncpg
import pytest

from contract.adapters.postgres_plans import ROWS, USERS, Filled, fill
from contract.adapters.postgres_probes import LIMIT, PATIENCE
from harness.postgres import PostgresServer
from latchkey.adapters.postgres import PostgresConfig
from latchkey.adapters.postgres.engine.access import Autocommit
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.domain.kernel.identifier import new_id
from latchkey.testing.frozen_clock import START


@pytest.fixture
async def observer(postgres_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else, who may do anything."""
    connection = await asyncpg.connect(postgres_dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def pool(postgres_dsn: str) -> AsyncIterator[Pool]:
    """A pool of one connection, so that everybody gets the same."""
    config = PostgresConfig(dsn=postgres_dsn, statement_timeout=LIMIT, connect_timeout=PATIENCE)
    pool = Pool(partial(connect, config), size=1, acquire_timeout=PATIENCE.total_seconds())
    await pool.open()
    yield pool
    await pool.close()


@pytest.fixture
def access(pool: Pool) -> Autocommit:
    return Autocommit(pool)


@pytest.fixture(scope="module")
def filled_database(postgres_server: PostgresServer) -> tuple[str, list[UUID], list[UUID]]:
    births = [START + timedelta(seconds=number) for number in range(ROWS)]
    user_ids = [new_id(birth) for birth in births[:USERS]]
    session_ids = [new_id(birth) for birth in births]

    async def make() -> str:
        dsn = await postgres_server.create_database()
        connection = await asyncpg.connect(dsn)
        await fill(connection, births, user_ids, session_ids)
        await connection.close()
        return dsn

    return asyncio.run(make()), user_ids, session_ids


@pytest.fixture
async def filled(
    filled_database: tuple[str, list[UUID], list[UUID]],
) -> AsyncIterator[Filled]:
    """Everything that a test does is undone, unless it ends the transaction."""
    dsn, user_ids, session_ids = filled_database
    connection = await asyncpg.connect(dsn)
    filled = Filled(connection, user_ids[USERS // 2], session_ids)
    await connection.execute("BEGIN")
    await filled.rotate(session_ids[-1])  # a new connection reads the catalogue, too
    await connection.execute("ROLLBACK; BEGIN")
    yield filled
    await connection.close()
