"""Migrations lead to the schema that the tables describe, and back."""

import asyncio
import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from runpy import run_path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from harness.postgres import PostgresServer
from latchkey.adapters.postgres import PostgresConfig
from latchkey.adapters.postgres.accounts.tables import USERS_EMAIL_KEY
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.inspection import inspect
from latchkey.adapters.postgres.migrations import (
    check,
    draft,
    migrate,
    revert,
    versions,
)
from latchkey.adapters.postgres.revisions import VERSION_TABLE, SchemaState
from latchkey.adapters.postgres.schema import metadata
from latchkey.domain.kernel.errors import StorageUnavailableError

pytestmark = pytest.mark.anyio

VERSIONS = Path(versions.__file__).parent
LATER = "".join(
    path.read_text().partition("_DOWN")[0]
    for path in sorted(VERSIONS.glob("v*.py"))[1:]  # on the first, the tables are empty
)
INDEXES = [
    re.sub(r"\s+", " ", created)
    for created in re.findall(r'CREATE (?:UNIQUE )?INDEX(?:[^"]|"(?!"))+', LATER)
    if f"CREATE TABLE {created.partition(' ON ')[2].split()[0]} " not in LATER
]
"""What migrations later than the first create on tables of the first, which may have rows."""

LAST = max(path.name[1:5] for path in VERSIONS.glob("v*.py"))
NEXT = f"{int(LAST) + 1:04}"
DESCRIPTION = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name
          FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "options": """
        SELECT relname, array_to_string(reloptions, ',') FROM pg_class
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    """,
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
         WHERE NOT tgisinternal
    """,
    "functions": """
        SELECT proname, regexp_replace(prosrc, '\\s+', ' ', 'g') FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace
    """,
}

GRANTS = """
    SELECT table_name, privilege_type FROM information_schema.role_table_grants
     WHERE grantee = 'latchkey_service'
"""


@pytest.fixture
async def empty_dsn(postgres_server: PostgresServer) -> AsyncIterator[str]:
    dsn = await postgres_server.create_database(template="template0")
    yield dsn
    await postgres_server.drop_database(dsn)


async def describe(dsn: str) -> dict[str, set[tuple[object, ...]]]:
    """Describe a schema, but for Alembic's own table."""
    connection = await asyncpg.connect(dsn)
    try:
        return {
            kind: {tuple(row) for row in await connection.fetch(query) if row[0] != VERSION_TABLE}
            for kind, query in DESCRIPTION.items()
        }
    finally:
        await connection.close()


async def execute(dsn: str, sql: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def create_all(dsn: str) -> None:
    """Create the tables without migrations."""
    make = partial(connect, PostgresConfig(dsn=dsn))
    engine = create_async_engine("postgresql+asyncpg://", async_creator=make)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()


async def test_migrations_lead_to_what_the_tables_describe(
    empty_dsn: str, own_postgres_dsn: str
) -> None:
    await create_all(empty_dsn)

    described, migrated = await describe(empty_dsn), await describe(own_postgres_dsn)

    assert migrated == described
    assert all(migrated.values())


async def test_a_migration_drafted_now_would_be_empty(own_postgres_dsn: str) -> None:
    await check(own_postgres_dsn)


async def test_a_drafted_migration_adds_what_the_database_lacks(
    own_postgres_dsn: str, tmp_path: Path
) -> None:
    await execute(own_postgres_dsn, "DROP TABLE orders; ALTER TABLE users DROP COLUMN disabled_at")

    path = await draft(own_postgres_dsn, "Add orders and disabled users", tmp_path)

    assert path == tmp_path / f"v{NEXT}_add_orders_and_disabled_users.py"
    script = run_path(str(path))
    assert (script["revision"], script["down_revision"]) == (NEXT, LAST)
    upgrade, _, downgrade = path.read_text().partition("def downgrade")
    assert "op.create_table('orders'" in upgrade
    assert "op.add_column('users', sa.Column('disabled_at'" in upgrade
    assert "op.drop_table('orders')" in downgrade


async def test_what_is_reverted_leaves_nothing_behind(
    empty_dsn: str, own_postgres_dsn: str
) -> None:
    await revert(own_postgres_dsn, "base")

    assert await describe(own_postgres_dsn) == await describe(empty_dsn)


async def test_what_was_reverted_can_be_migrated_again(own_postgres_dsn: str) -> None:
    before = await describe(own_postgres_dsn)

    await revert(own_postgres_dsn, "base")
    await migrate(own_postgres_dsn)

    assert await describe(own_postgres_dsn) == before


async def test_a_schema_that_is_up_to_date_is_left_as_it_is(own_postgres_dsn: str) -> None:
    before = await describe(own_postgres_dsn)

    await migrate(own_postgres_dsn)

    assert await describe(own_postgres_dsn) == before


async def test_of_many_migrations_at_once_one_is_made_and_none_fails(empty_dsn: str) -> None:
    await asyncio.gather(*(migrate(empty_dsn) for _ in range(4)))

    assert (await inspect(empty_dsn)).schema is SchemaState.CURRENT


async def test_a_database_that_is_away_is_not_migrated() -> None:
    with pytest.raises(StorageUnavailableError):
        await migrate("postgresql://nobody@/nowhere?host=/nonexistent")


async def test_an_index_that_was_created_beforehand_is_not_created_again(
    own_postgres_dsn: str,
) -> None:
    await revert(own_postgres_dsn, "0001")
    before = await index_ids(own_postgres_dsn)
    for definition in INDEXES:
        concurrently = definition.replace("INDEX", "INDEX CONCURRENTLY", 1)
        await execute(own_postgres_dsn, concurrently)
    created = await index_ids(own_postgres_dsn) - before

    await migrate(own_postgres_dsn)

    assert len(created) == len(INDEXES) > 0
    assert created <= await index_ids(own_postgres_dsn)


async def index_ids(dsn: str) -> set[int]:
    """Tell the indexes apart, also one from another of the same name."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("SELECT indexrelid FROM pg_index WHERE indisvalid")
        return {row["indexrelid"] for row in rows}
    finally:
        await connection.close()


async def test_every_constraint_with_a_meaning_exists(own_postgres_dsn: str) -> None:
    constraints = (await describe(own_postgres_dsn))["constraints"]

    assert USERS_EMAIL_KEY in {name for _, name, _ in constraints}


async def test_migrations_keep_the_grants_of_the_service(own_postgres_dsn: str) -> None:
    before = await grants(own_postgres_dsn)

    await revert(own_postgres_dsn, "0001")
    reverted = await grants(own_postgres_dsn)
    await migrate(own_postgres_dsn)

    new = {"links", "mails", "passkeys", "remembered_devices", "second_factors", "timelines"}
    assert len(reverted) == len([table for table, _ in before if table not in new])
    assert await grants(own_postgres_dsn) == before


async def grants(dsn: str) -> set[tuple[str, str]]:
    """Tell what the service's role may do with each table."""
    connection = await asyncpg.connect(dsn)
    try:
        return {tuple(row) for row in await connection.fetch(GRANTS)}
    finally:
        await connection.close()


async def test_addresses_are_compared_in_the_same_way_on_every_operating_system(
    own_postgres_dsn: str,
) -> None:
    columns = (await describe(own_postgres_dsn))["columns"]

    [collation] = [row[-1] for row in columns if row[:2] == ("users", "email_canonical")]
    assert collation == "C"
