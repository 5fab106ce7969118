"""Refused attacks, as lines that an operator can count and an attacker cannot multiply."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from structlog.typing import FilteringBoundLogger

from latchkey.domain.accounts.errors import InsufficientRoleError
from latchkey.domain.sessions.errors import AccessTokenInvalidError, RefreshTokenInvalidError
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.pipeline.client import ClientInfo
from latchkey.entrypoints.http.problems.errors import (
    HeadersTooLargeError,
    HostNotAllowedError,
    OriginNotAllowedError,
    UriTooLongError,
)

EVENTS: Final[Mapping[type[Exception], str]] = {
    TooManyAttemptsError: "attempts_throttled",
    InsufficientRoleError: "role_refused",
    AccessTokenInvalidError: "access_token_forged",
    RefreshTokenInvalidError: "refresh_token_forged",
    OriginNotAllowedError: "origin_refused",
    HostNotAllowedError: "host_refused",
    UriTooLongError: "head_refused",
    HeadersTooLargeError: "head_refused",
}
"""What an error is evidence of. Of these no honest client is the cause, or only by a mistake.

A token that was genuine once has an error of its own, which is not listed.
"""


@dataclass(slots=True)
class Tally:
    """Refusals of one kind that were not logged yet.

    Attributes:
        count: How many.
        is_open: Whether one of the kind was logged since the last flush.
        client: Whose request the last of them was.
    """

    count: int = 0
    is_open: bool = False
    client: ClientInfo | None = None


class RefusalLog:
    """Logs the first refusal of a kind at once, and then how many more there were.

    So it writes at most two lines for each kind and each period between flushes, whatever comes.
    """

    def __init__(self, log: FilteringBoundLogger) -> None:
        """Write to a logger, at level warning."""
        self._log = log
        self._tallies = {event: Tally() for event in EVENTS.values()}

    def count(self, error: Exception, client: ClientInfo) -> None:
        """Count an error, if it is evidence of an attack."""
        event = EVENTS.get(type(error))
        if event is None:
            return
        tally = self._tallies[event]
        tally.count, tally.client = tally.count + 1, client
        if not tally.is_open:
            self._write(event, tally)

    def flush(self) -> None:
        """Log what was counted since each kind was logged last; call it once a minute."""
        for event, tally in self._tallies.items():
            tally.is_open = False
            if tally.count:
                self._write(event, tally)

    def _write(self, event: str, tally: Tally) -> None:
        client = tally.client
        self._log.warning(
            event,
            count=tally.count,
            address=client.address if client else "",
            request_id=client.request_id if client else "",
        )
        tally.count, tally.is_open = 0, True
