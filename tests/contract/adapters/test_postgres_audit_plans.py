"""What PostgreSQL reads to find events in a large audit log."""

from typing import Final

import pytest

from contract.adapters.postgres_plans import (
    DAY,
    ROWS,
    Filled,
    copy,
    event_row,
)
from latchkey.adapters.postgres import schema as tables
from latchkey.adapters.postgres.audit import log
from latchkey.testing.frozen_clock import START

pytestmark = pytest.mark.anyio

PAGE: Final = 21  # rows, one more than are shown
NOTHING: Final[frozenset[str]] = frozenset()


@pytest.mark.parametrize("column", ["action", "request_id"])
async def test_rare_events_are_found_without_reading_the_log(filled: Filled, column: str) -> None:
    names = ["rare" if number < PAGE else "frequent" for number in range(ROWS)]
    events = [event_row(START + number * DAY / ROWS, name) for number, name in enumerate(names)]
    await copy(filled.connection, tables.audit_events, events)
    await filled.connection.execute("ANALYZE audit_events")

    read = log.read_newest(frozenset({column}))
    plan = await filled.explain(read, **{column: "rare"}, limit=PAGE)

    assert plan.read_through == NOTHING
    assert plan.pages <= 2 * PAGE


async def test_the_newest_ends_of_sessions_are_found_without_reading_the_log(
    filled: Filled,
) -> None:
    names = ["session_ended" if number % 2 else "login_succeeded" for number in range(ROWS)]
    events = [event_row(START + number * DAY / ROWS, name) for number, name in enumerate(names)]
    await copy(filled.connection, tables.audit_events, events)
    await filled.connection.execute("ANALYZE audit_events")

    plan = await filled.explain(
        log.read_on(frozenset({"action"})),
        action="session_ended",
        after=events[-PAGE][0],
        limit=1_000,
    )

    assert plan.read_through == NOTHING
    assert plan.pages <= 3 * PAGE  # of the index, too
