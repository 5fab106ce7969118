"""Rates: how many attempts are allowed in how much time."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A number of attempts per period. After each `interval`, one more attempt is allowed again.

    Attributes:
        count: The number of attempts, >= 1; all of them may come at once.
        period: timedelta > 0.
    """

    count: int
    period: timedelta

    @property
    def interval(self) -> timedelta:
        """The time after which one attempt is forgotten, in whole microseconds.

        Rounded down, so that `count` intervals fit into the period.
        """
        return self.period // self.count

    def times(self, factor: int) -> "Rate":
        """Return a rate with `factor` times as many attempts in the same period."""
        return Rate(count=self.count * factor, period=self.period)

    def wait(self, full_until: datetime | None, now: datetime) -> timedelta | None:
        """Return how long the next attempt has to wait, or None if it may go on.

        The generic cell rate algorithm: the state of a count is one instant.

        Args:
            full_until: When all counted attempts will be forgotten; None if there are none.
            now: The instant of the attempt.

        Source: ITU-T I.371, annex A (virtual scheduling).
        """
        wait = self.counted(full_until, now) - now - self.period
        return wait if wait > timedelta(0) else None

    def counted(self, full_until: datetime | None, now: datetime) -> datetime:
        """Count an attempt; return the new instant at which all attempts will be forgotten."""
        return max(full_until or now, now) + self.interval
