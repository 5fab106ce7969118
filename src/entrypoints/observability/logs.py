"""Configures logging: for a terminal in development, one JSON object per line in production."""

import logging
import os
import sys
from typing import Any, Final

import structlog
from structlog.typing import Processor

from latchkey.entrypoints.observability.correlation import add_ids

_LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure(level: str, *, as_json: bool, counting: Processor | None = None) -> None:
    """Configure structlog, and the standard library's logging with the same format.

    Tracebacks never contain the values of variables, which may be secret.

    Args:
        level: `debug`, `info`, `warning` or `error`.
        as_json: Whether to write one JSON object per line instead of text.
        counting: Is given each of the service's own lines before it is written, or None.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        add_ids,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendering = _for_machines() if as_json else _for_people()
    structlog.configure(
        processors=[*([counting] if counting else []), *shared, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    _configure_standard_library(level, shared, rendering)


def announce(event: str, **members: object) -> None:
    """Log what every log contains, whatever its least severe level is."""
    unfiltered = structlog.make_filtering_bound_logger(0)
    log = structlog.wrap_logger(None, wrapper_class=unfiltered, logger_factory_args=())
    log.info(event, **members)


def of_granian() -> dict[str, Any]:
    """Return a configuration with which Granian's lines are written as all others are."""
    server = {"handlers": [], "propagate": True}
    return {"formatters": {}, "handlers": {}, "loggers": {"_granian": server}}


def _configure_standard_library(
    level: str, shared: list[Processor], rendering: list[Processor]
) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.basicConfig(level=max(_LEVELS[level], logging.INFO), handlers=[handler], force=True)


def _for_machines() -> list[Processor]:
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


def _for_people() -> list[Processor]:
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty() and not os.environ.get("NO_COLOR"),  # no-color.org
            exception_formatter=structlog.dev.plain_traceback,
        )
    ]
