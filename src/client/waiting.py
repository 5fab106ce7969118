"""How long to wait before an attempt is repeated."""

import secrets
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from latchkey.client.errors import NoResponseError, RejectedError, ServiceUnavailableError

_LONGEST_PAUSE: Final = 30.0  # s, unless the service asks for more
_LONGEST_WAIT: Final = 3_600.0  # s, whatever the service asks for
_JITTER: Final = 1.0  # s at most; keeps clients from retrying together

Failure = NoResponseError | RejectedError


def jitter() -> float:
    """Return a random number from 0 up to 1, which nobody can predict."""
    return secrets.randbelow(1 << 32) / (1 << 32)


def retry_after(headers: httpx.Headers) -> float | None:
    """Return how many seconds `Retry-After` asks for; None if it is missing or unreadable.

    A date is compared with the date of the response, because the clock here may be wrong.

    Source: RFC 9110, 10.2.3.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _LONGEST_WAIT)
    until, now = _date(text), _date(headers.get("Date", "")) or datetime.now(UTC)
    return None if until is None else min(max(0.0, (until - now).total_seconds()), _LONGEST_WAIT)


class Backoff:
    """Pauses that double from one second up to half a minute, unless the service asks for its own.

    One that is shared by several threads keeps all of them from asking before the time.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._retry_at = 0.0
        self._cause = ""

    def check(self) -> None:
        """Return if it is time to ask.

        Raises:
            ServiceUnavailableError: It is not: an attempt has failed a moment ago.
        """
        wait = self._retry_at - time.monotonic()
        if wait > 0:
            raise ServiceUnavailableError(self._cause, wait)

    def failed(self, failure: Failure) -> ServiceUnavailableError:
        """Count a failed attempt, and return the error that says how long to wait."""
        asked = failure.retry_after if isinstance(failure, RejectedError) else None
        pause = min(_LONGEST_PAUSE, 2.0 ** min(self._failures, 10)) if asked is None else asked
        wait = pause + _JITTER * jitter()
        self._failures += 1
        self._retry_at = time.monotonic() + wait
        self._cause = str(failure)
        return ServiceUnavailableError(self._cause, wait)

    def succeeded(self) -> None:
        """Begin anew."""
        self._failures = 0
        self._retry_at = 0.0


def _date(text: str) -> datetime | None:
    if not text.endswith(" GMT"):
        return None
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
