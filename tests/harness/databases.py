"""PostgreSQL databases for tests: a plugin of pytest, which the folders that need it load.

Only a root conftest may list plugins, and then every run would import SQLAlchemy. So a folder's
conftest imports this one when pytest configures it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from harness.postgres import PostgresServer, as_service, execute, shared_server
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.testing.frozen_clock import FrozenClock

EMPTY: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid != pg_backend_pid();
    SET session_replication_role = replica;
    DELETE FROM sessions; DELETE FROM orders; DELETE FROM users;
    DELETE FROM audit_events; DELETE FROM throttle_counts; DELETE FROM timelines;
    DELETE FROM mails;
    DELETE FROM links;
    DELETE FROM passkeys;
    DELETE FROM remembered_devices;
    DELETE FROM second_factors;
"""


@pytest.fixture(scope="session")
def postgres_server(run_directory: Path) -> Iterator[PostgresServer]:
    with shared_server(run_directory) as server:
        yield server


@pytest.fixture(scope="session")
def shared_database(postgres_server: PostgresServer) -> str:
    return asyncio.run(postgres_server.create_database())


@pytest.fixture
async def postgres_dsn(shared_database: str) -> str:
    """An empty database; to empty one is much faster than to create one."""
    await execute(shared_database, EMPTY)
    return shared_database


@pytest.fixture
async def own_postgres_dsn(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """A database for a test that changes more than rows."""
    dsn = await postgres_server.create_database()
    yield dsn
    await postgres_server.drop_database(dsn)


@pytest.fixture
async def postgres_pool(postgres_dsn: str) -> AsyncIterator[Pool]:
    config = PostgresConfig(dsn=as_service(postgres_dsn))
    pool = Pool(partial(connect, config), size=10, acquire_timeout=10)
    await pool.open()
    yield pool
    await pool.close()


@pytest.fixture
async def postgres(postgres_dsn: str, clock: FrozenClock) -> AsyncIterator[PostgresStorage]:
    storage = PostgresStorage(PostgresConfig(dsn=as_service(postgres_dsn)), clock)
    await storage.open()
    yield storage
    await storage.close()
