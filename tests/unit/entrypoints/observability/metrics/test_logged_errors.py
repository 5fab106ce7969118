"""Errors of the log are counted, and none of them goes without a name."""

import ast
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
import structlog

from harness.metrics import Shown, by_label
from latchkey.entrypoints.observability import logs
from latchkey.entrypoints.observability.metrics.meter import Meter
from latchkey.entrypoints.observability.metrics.outcomes import LOGGED_ERRORS

SOURCES: Final = Path(__file__).parents[5] / "src" / "entrypoints"


@pytest.fixture
def counting(meter: Meter) -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    logs.configure("error", as_json=True, counting=meter.logged)
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.mark.usefixtures("counting")
def test_lines_at_level_error_are_counted_by_their_event(shown: Callable[[], Shown]) -> None:
    log = structlog.get_logger()

    log.error("prune_failed", cause="x")
    log.error("mail_error", exc_info=ValueError())
    log.error("something_new")
    log.warning("prune_postponed")

    assert by_label(shown(), "latchkey_log_errors_total") == {
        "prune_failed": 1,
        "mail_error": 1,
        "other": 1,
    }


def errors_of(path: Path) -> Iterator[str]:
    """Name the events that a module logs as errors."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_error = node.func.attr in {"error", "exception"} and len(node.args) == 1
            if is_error and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def test_every_error_that_the_service_logs_has_its_name() -> None:
    named = {event for path in SOURCES.rglob("*.py") for event in errors_of(path)}

    assert named | {"internal_error"} == set(LOGGED_ERRORS)
