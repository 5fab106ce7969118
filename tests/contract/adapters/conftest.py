"""What the tests of the PostgreSQL adapter share."""

from collections.abc import AsyncIterator
from functools import partial

import asyncpg
import pytest

from contract.adapters.postgres_probes import LIMIT
from latchkey.adapters.postgres import PostgresConfig
from latchkey.adapters.postgres.engine.access import Autocommit
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.engine.pool import Pool


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
