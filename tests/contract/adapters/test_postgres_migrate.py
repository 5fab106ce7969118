"""Migrations and services meet databases that are not as they expect."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from harness.postgres import PostgresServer
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.inspection import inspect
from latchkey.adapters.postgres.migrations import MigrationError, migrate, revert
from latchkey.adapters.postgres.revisions import REVISIONS, SchemaState
from latchkey.domain.kernel.errors import StorageUnavailableError

pytestmark = pytest.mark.anyio

FOREIGN = {
    "the original's users": "CREATE TABLE users (id serial)",
    "Flyway's versions": "CREATE TABLE schema_version (installed_rank int)",
    "another Alembic's": """
        CREATE TABLE schema_version (version_num varchar(32));
        INSERT INTO schema_version VALUES ('ae1027a6acf1')
    """,
}.values()
IS_WAITING = """
    SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'sessions'::regclass)
"""
SERVICE_LIMIT = 2.0  # s, in which a statement of the service has to end
TABLES = """
    SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'
"""


@pytest.fixture
async def empty_dsn(postgres_server: PostgresServer) -> AsyncIterator[str]:
    dsn = await postgres_server.create_database(template="template0")
    yield dsn
    await postgres_server.drop_database(dsn)


@pytest.fixture
async def latin_dsn(postgres_server: PostgresServer) -> AsyncIterator[str]:
    dsn = await postgres_server.create_database(template="template0 ENCODING 'LATIN1'")
    yield dsn
    await postgres_server.drop_database(dsn)


async def fetch(dsn: str, statement: str) -> object:
    """Run a statement as the owner; return its first value."""
    connection = await asyncpg.connect(dsn)
    try:
        if ";" in statement:
            return await connection.execute(statement)
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def until(connection: asyncpg.Connection, condition: str) -> None:
    """Wait until a query returns true."""
    async with asyncio.timeout(10):
        while not await connection.fetchval(condition):
            pass


async def is_ready_on(dsn: str) -> bool:
    """Return whether a service with this database is ready."""
    storage = PostgresStorage(PostgresConfig(dsn=dsn, pool_size=1))
    await storage.open()
    try:
        await storage.ping()
    except StorageUnavailableError:
        return False
    finally:
        await storage.close()
    return True


async def test_the_newest_revision_that_the_release_knows_is_what_migrations_lead_to(
    own_postgres_dsn: str,
) -> None:
    assert await fetch(own_postgres_dsn, "SELECT version_num FROM schema_version") == REVISIONS[-1]


@pytest.mark.parametrize("statement", FOREIGN)
async def test_a_database_with_another_programs_tables_is_left_as_it_is(
    empty_dsn: str, statement: str
) -> None:
    await fetch(empty_dsn, statement)
    before = await fetch(empty_dsn, TABLES)

    with pytest.raises(MigrationError, match="is another program's") as refusal:
        await migrate(empty_dsn)

    assert "\n" not in str(refusal.value)
    assert await fetch(empty_dsn, TABLES) == before


async def test_a_migration_that_is_refused_says_why_and_changes_nothing(empty_dsn: str) -> None:
    await fetch(empty_dsn, "CREATE TABLE audit_events (somebody_elses int)")
    before = await fetch(empty_dsn, TABLES)

    with pytest.raises(MigrationError, match='relation "audit_events" already exists') as refusal:
        await migrate(empty_dsn)

    assert "\n" not in str(refusal.value)
    assert await fetch(empty_dsn, TABLES) == before


async def test_a_schema_of_a_newer_release_is_left_as_it_is(own_postgres_dsn: str) -> None:
    await fetch(own_postgres_dsn, "UPDATE schema_version SET version_num = '9999'")

    with pytest.raises(MigrationError, match="newer than this release"):
        await migrate(own_postgres_dsn)

    assert (await inspect(own_postgres_dsn)).schema is SchemaState.NEWER


async def test_a_database_that_cannot_store_all_names_is_not_migrated(
    latin_dsn: str,
) -> None:
    with pytest.raises(MigrationError, match="encoding is LATIN1"):
        await migrate(latin_dsn)

    assert await fetch(latin_dsn, TABLES) is None


async def test_a_schema_that_does_not_exist_is_named_as_the_reason(empty_dsn: str) -> None:
    with pytest.raises(MigrationError, match="no schema of the search path exists"):
        await migrate(f"{empty_dsn}&schema=nowhere")


async def test_a_migration_lets_the_service_work_while_it_waits_for_a_lock(
    own_postgres_dsn: str,
) -> None:
    dump, reader = await asyncpg.connect(own_postgres_dsn), await asyncpg.connect(own_postgres_dsn)
    await dump.execute("BEGIN; LOCK TABLE sessions IN ACCESS SHARE MODE")
    reverting = asyncio.create_task(revert(own_postgres_dsn, "base"))
    await until(reader, IS_WAITING)

    async with asyncio.timeout(SERVICE_LIMIT):
        await reader.execute("SELECT FROM sessions")
    is_done_meanwhile = reverting.done()
    await dump.execute("COMMIT")
    await reverting

    await dump.close()
    await reader.close()
    assert not is_done_meanwhile
    assert (await inspect(own_postgres_dsn)).schema is SchemaState.MISSING


@pytest.mark.parametrize(
    ("revision", "is_ready"),
    [(None, False), ("0001", False), (REVISIONS[-1], True), ("9999", True)],
)
async def test_the_service_is_ready_on_a_schema_that_it_can_run_on(
    own_postgres_dsn: str, revision: str | None, *, is_ready: bool
) -> None:
    connection = await asyncpg.connect(own_postgres_dsn)
    await connection.execute("DELETE FROM schema_version")
    await connection.execute(
        "INSERT INTO schema_version SELECT $1::text WHERE $1 IS NOT NULL", revision
    )
    await connection.close()

    assert await is_ready_on(own_postgres_dsn) is is_ready


async def test_the_service_is_not_ready_on_an_empty_database(empty_dsn: str) -> None:
    assert not await is_ready_on(empty_dsn)


async def test_everything_is_in_the_schema_that_the_connection_string_names(
    empty_dsn: str,
) -> None:
    dsn = f"{empty_dsn}&schema=Auth"
    await fetch(empty_dsn, 'CREATE SCHEMA "Auth"')

    await migrate(dsn)

    connection = await connect(PostgresConfig(dsn=dsn))
    source = await connection.fetchval("SELECT source FROM pg_settings WHERE name = 'search_path'")
    await connection.close()
    assert source == "session"  # a pooler refuses one that is sent with the start-up
    assert await is_ready_on(dsn)
    assert await fetch(empty_dsn, TABLES) is None
