"""Names the request in every line of the log that is written while it is handled."""

from contextvars import ContextVar
from typing import Final

from structlog.typing import EventDict

from latchkey.entrypoints.http.pipeline.client import ClientInfo

CLIENT: Final[ContextVar[ClientInfo | None]] = ContextVar("latchkey.client", default=None)
"""Who sent the request that is being handled, or None outside of a request."""


def add_ids(_logger: object, _level: str, line: EventDict) -> EventDict:
    """Add the ids of the request, as a processor of structlog. What is named already stays."""
    client = CLIENT.get()
    return line if client is None else {**client.ids, **line}
