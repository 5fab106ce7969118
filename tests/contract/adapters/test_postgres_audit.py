"""Nobody changes or deletes an audit event in PostgreSQL."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from adapters.postgres import PostgresAdapters
from domain.audit import AuditFilter
from factories import audit_event

pytestmark = pytest.mark.anyio

ARCHIVE = """
    BEGIN;
    ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only;
    DELETE FROM audit_events WHERE at < 'infinity';
    ALTER TABLE audit_events ENABLE TRIGGER audit_events_append_only;
    COMMIT;
"""


@pytest.fixture
async def owner(postgres_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres_dsn)
    yield connection
    await connection.close()


@pytest.mark.parametrize(
    "command",
    [
        "UPDATE audit_events SET action = 'user_created'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        """
        INSERT INTO audit_events SELECT * FROM audit_events
        ON CONFLICT (id) DO UPDATE SET action = 'user_created'
        """,
    ],
)
async def test_not_even_the_owner_changes_an_event(
    postgres: PostgresAdapters, owner: asyncpg.Connection, command: str
) -> None:
    event = audit_event()
    await postgres.audit.append(event)

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only ever grows"):
        await owner.execute(command)

    assert await postgres.audit.read(AuditFilter(), limit=2) == (event,)


async def test_an_operator_archives_with_the_trigger_off(
    postgres: PostgresAdapters, owner: asyncpg.Connection
) -> None:
    await postgres.audit.append(audit_event())

    await owner.execute(ARCHIVE)

    assert await postgres.audit.read(AuditFilter(), limit=1) == ()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await owner.execute("DELETE FROM audit_events")
