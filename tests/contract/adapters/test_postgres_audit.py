"""Nobody changes or deletes an audit event in PostgreSQL."""

import re
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from latchkey.adapters.postgres import PostgresStorage
from latchkey.application.audit.follow import AuditFollower
from latchkey.domain.audit.log import AuditFilter
from latchkey.testing.factories import audit_event
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

OPERATIONS: Final = Path(__file__).parents[3] / "docs" / "operations" / "monitoring.md"


def archiving() -> str:
    """Read the statements that the document gives an operator, but for the age of the events."""
    [statements] = re.findall(r"```sql\n(BEGIN;.+?)```", OPERATIONS.read_text(), re.DOTALL)
    return str(statements).replace("now() - interval '400 days'", "'infinity'")


@pytest.mark.requirement("ER-4")
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
    postgres: PostgresStorage, observer: asyncpg.Connection, command: str
) -> None:
    event = audit_event()
    await postgres.audit.append(event)

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="is append-only"):
        await observer.execute(command)

    assert await postgres.audit.read(AuditFilter(), limit=2) == (event,)


async def test_an_operator_archives_with_the_trigger_at_rest(
    postgres: PostgresStorage, observer: asyncpg.Connection
) -> None:
    await postgres.audit.append(audit_event())

    await observer.execute(archiving())

    assert await postgres.audit.read(AuditFilter(), limit=1) == ()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await observer.execute("DELETE FROM audit_events")


async def test_an_event_whose_transaction_waits_is_followed_when_it_is_committed(
    postgres: PostgresStorage, clock: FrozenClock
) -> None:
    follower = AuditFollower(postgres.audit, clock, AuditFilter())
    await follower.newest(9)
    waiting, younger = audit_event(), audit_event()
    async with postgres.units.begin() as unit:
        await unit.audit.append(waiting)
        await postgres.audit.append(younger)
        before = [event async for event in follower.new()]
        await unit.commit()

    after = [event async for event in follower.new()]

    assert (before, after) == ([younger], [waiting])
