"""How long a mail waits for its next attempt (docs/flow.md, ML5)."""

from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(seconds=10)
LONGEST: Final = timedelta(minutes=30)
_JITTER: Final = 0.25  # of the wait, at most, so that mails do not come back together


def wait_after(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after a failed attempt: 10 s, doubling up to 30 minutes.

    Args:
        attempts: How often it was tried, >= 1.
        chance: A random number, 0 <= chance < 1; shortens the wait by up to a quarter.

    Returns:
        timedelta > 0, at most `LONGEST`.
    """
    doublings = min(attempts - 1, 16)  # more would only make a number that is cut anyway
    factor = 1 << doublings
    return min(FIRST * factor, LONGEST) * (1 - _JITTER * chance)
