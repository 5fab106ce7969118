"""The manual's tables of events: they name each that there is, and no other."""

import re
from pathlib import Path
from typing import Final

from latchkey.domain.audit.event import AuditAction
from latchkey.entrypoints.observability.metrics.outcomes import LOGGED_ERRORS
from latchkey.entrypoints.observability.refusals import EVENTS

MANUAL: Final = Path(__file__).parents[2] / "docs" / "operations" / "monitoring.md"
FIRST_CELL: Final = re.compile(r"^\| (`.+?) \|", re.MULTILINE)
EVENT: Final = re.compile(r"`([a-z_]+)`")


def between(begin: str, end: str) -> str:
    """Return the part of the manual from one text to another."""
    _, found, rest = MANUAL.read_text().partition(begin)
    assert found, begin
    part, found, _ = rest.partition(end)
    assert found, end
    return part


def rows(part: str) -> list[str]:
    """Return the events that the rows of a table are about, without those that are missed there."""
    cells = [cell.partition(" without ")[0] for cell in FIRST_CELL.findall(part)]
    return [event for cell in cells for event in EVENT.findall(cell)]


def test_each_event_of_the_audit_log_is_an_alarm_or_none() -> None:
    alarms = rows(between("\nAlarms:\n", "\nNo alarms"))
    ordinary = EVENT.findall(between("\nNo alarms", "\n"))

    assert sorted(alarms + ordinary) == sorted(AuditAction)


def test_each_refused_attack_has_a_row() -> None:
    refused = rows(between("\nRefused attacks are warnings", "\n## "))

    assert sorted(refused) == sorted(set(EVENTS.values()))


def test_each_error_of_the_log_is_named() -> None:
    errors = EVENT.findall(between("\nErrors are ", ". Warnings"))

    assert sorted(errors) == sorted(LOGGED_ERRORS)
