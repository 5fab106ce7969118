"""The log of refused attacks. It counts them, so that an attacker cannot flood it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from structlog.typing import FilteringBoundLogger

from latchkey.domain.accounts.errors import InsufficientRoleError
from latchkey.domain.factors.errors import ChallengeInvalidError
from latchkey.domain.links.errors import LinkInvalidError
from latchkey.domain.mail.errors import TooManyMailsError
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
    TooManyMailsError: "mails_throttled",
    InsufficientRoleError: "role_refused",
    AccessTokenInvalidError: "access_token_forged",
    RefreshTokenInvalidError: "refresh_token_forged",
    LinkInvalidError: "link_forged",
    ChallengeInvalidError: "challenge_forged",
    OriginNotAllowedError: "origin_refused",
    HostNotAllowedError: "host_refused",
    UriTooLongError: "head_refused",
    HeadersTooLargeError: "head_refused",
}
"""The event that each error is logged as. An honest client causes such an error only by mistake.

A token that was genuine once has an error of its own, which is not listed.
"""


@dataclass(slots=True)
class Tally:
    """The refusals of one kind that are not logged yet.

    Attributes:
        count: The number of these refusals.
        is_open: Whether a refusal of this kind was logged since the last flush.
        client: The client of the last one.
    """

    count: int = 0
    is_open: bool = False
    client: ClientInfo | None = None


class RefusalLog:
    """Logs the first refusal of a kind at once, and then how many more there were.

    So between two flushes it writes at most two lines for each kind, however many there are.
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
        """Log the refusals that are not logged yet; call it once a minute."""
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
            **(client.ids if client else {}),
        )
        tally.count, tally.is_open = 0, True
