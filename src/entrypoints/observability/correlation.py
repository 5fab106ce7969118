"""Names the request in every line of the log that is written while it is handled."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final, Protocol

from structlog.typing import EventDict


class Identified(Protocol):
    """What lines of the log are about."""

    @property
    def ids(self) -> Mapping[str, str]:
        """What lines of the log name it by."""


CLIENT: Final[ContextVar[Identified | None]] = ContextVar("latchkey.client", default=None)
"""Who sent the request that is being handled, or None outside of a request."""


def add_ids(_logger: object, _level: str, line: EventDict) -> EventDict:
    """Add the ids of the request, as a processor of structlog. What is named already stays."""
    client = CLIENT.get()
    return line if client is None else {**client.ids, **line}
