"""What the tests of the PostgreSQL adapter share."""

from collections.abc import AsyncIterator
from functools import partial

import asyncpg
import pytest

from adapters.postgres import PostgresConfig
from adapters.postgres.access import Autocommit
from adapters.postgres.connection import connect
from adapters.postgres.pool import Pool
from contract.adapters.postgres_probes import LIMIT


@pytest.fixture
async def observer(postgres_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else, who may do anything."""
    connection = await asyncpg.connect(postgres_dsn)
    yield connection
    await connection.close()


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
