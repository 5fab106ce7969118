"""What an operator should know about a database before the service uses it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import asyncpg

from latchkey.adapters.postgres.engine.config import PostgresConfig
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.engine.errors import FAILURES, reraise
from latchkey.adapters.postgres.revisions import VERSION_TABLE, SchemaState, state_of

ENCODING: Final = "UTF8"
GRANTS: Final = {
    "users": ("SELECT", "INSERT", "UPDATE"),
    "sessions": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "throttle_counts": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "mails": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "links": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "second_factors": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "passkeys": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "remembered_devices": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "orders": ("SELECT", "INSERT"),
    "audit_events": ("SELECT", "INSERT"),
    "timelines": ("SELECT", "INSERT"),
    VERSION_TABLE: ("SELECT",),
}
"""The rights of the service on each table, as deploy/grants.sql grants them."""

_DATABASE: Final = """
    SELECT current_setting('server_encoding') AS encoding, current_user AS role,
           current_schema() AS schema,
           to_regclass('users') IS NOT NULL AS has_users,
           to_regclass($1) IS NOT NULL AS has_versions,
           EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass($1)
                   AND attname = 'version_num') AS is_of_alembic,
           has_table_privilege(to_regclass($1), 'SELECT') AS may_read_version,
           (SELECT min(most) FROM unnest(ARRAY[
                current_setting('max_connections')::int
                    - current_setting('superuser_reserved_connections')::int
                    - coalesce(current_setting('reserved_connections', true)::int, 0),
                (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user),
                (SELECT datconnlimit FROM pg_database WHERE datname = current_database())
            ]) AS most WHERE most >= 0) AS connections
"""
_MISSING_GRANTS: Final = """
    SELECT wanted.table_name, wanted.privilege
      FROM unnest($1::text[], $2::text[]) AS wanted (table_name, privilege)
     WHERE NOT has_table_privilege(to_regclass(wanted.table_name), wanted.privilege)
"""
_VERSION: Final = f"SELECT version_num FROM {VERSION_TABLE}"  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A database, as the connected role sees it.

    Attributes:
        encoding: The encoding of all text in the database.
        role: The connected role.
        schema: The state of the schema, or None if the role must not read its revision.
        missing_grants: Each right that the service needs and the role lacks, as table and
            privilege. Tables that do not exist are left out.
        connections: The number of connections that the server allows the role, for all its clients
            together.
        faults: A line for each reason why the database cannot be migrated; usually empty.
    """

    encoding: str
    role: str
    schema: SchemaState | None
    missing_grants: tuple[tuple[str, str], ...]
    connections: int
    faults: tuple[str, ...]


async def inspect(dsn: str) -> Inspection:
    """Inspect a database; changes nothing.

    Raises:
        StorageFaultError: The database rejected the queries of the inspection.
        StorageUnavailableError: The database did not answer.
    """
    connection = await connect(PostgresConfig(dsn=dsn))
    try:
        return await inspect_on(connection)
    except FAILURES as error:
        reraise(error)
    finally:
        connection.terminate()


async def inspect_on(connection: asyncpg.Connection) -> Inspection:
    """Inspect the database of a connection."""
    row = await connection.fetchrow(_DATABASE, VERSION_TABLE)
    assert row is not None  # noqa: S101 - for the type checker alone
    is_readable = row["is_of_alembic"] and row["may_read_version"]
    revision = await connection.fetchval(_VERSION) if is_readable else None
    foreign = _foreign_table(row, revision)
    wanted = [(table, right) for table, rights in GRANTS.items() for right in rights]
    missing = await connection.fetch(_MISSING_GRANTS, *map(list, zip(*wanted, strict=True)))
    return Inspection(
        encoding=row["encoding"],
        role=row["role"],
        schema=_schema_of(row, revision, foreign),
        missing_grants=tuple((each["table_name"], each["privilege"]) for each in missing),
        connections=row["connections"],
        faults=tuple(_faults_of(row, foreign)),
    )


def _foreign_table(row: asyncpg.Record, revision: str | None) -> str | None:
    """Return a table that shows that another program uses the schema, or None."""
    if row["has_versions"] and not row["is_of_alembic"]:
        return VERSION_TABLE
    if revision is not None and state_of(revision) is SchemaState.FOREIGN:
        return VERSION_TABLE
    is_empty = revision is None and (row["may_read_version"] or not row["has_versions"])
    return "users" if is_empty and row["has_users"] else None


def _schema_of(
    row: asyncpg.Record, revision: str | None, foreign: str | None
) -> SchemaState | None:
    if foreign is not None:
        return SchemaState.FOREIGN
    if row["has_versions"] and not row["may_read_version"]:
        return None
    return state_of(revision)


def _faults_of(row: asyncpg.Record, foreign: str | None) -> Iterator[str]:
    if row["encoding"] != ENCODING:
        yield (
            f"the database's encoding is {row['encoding']}, which cannot store all names;"
            f" create one with ENCODING '{ENCODING}'"
        )
    if row["schema"] is None:
        yield "no schema of the search path exists; create it, or correct DATABASE_URL"
    if foreign is not None:
        yield (
            f"the table {foreign} is another program's;"
            " use another database, or another schema with ?schema= in DATABASE_URL"
        )
