"""Rates: how many attempts are allowed in how much time."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many attempts in so much time: at once or spread, one comes back each `interval`.

    Attributes:
        count: Attempts, >= 1.
        period: timedelta > 0.
    """

    count: int
    period: timedelta

    @property
    def interval(self) -> timedelta:
        """How long one attempt takes to be forgotten, in whole microseconds.

        Rounded down, for `count` of them must fit into the period.
        """
        return self.period // self.count

    def times(self, factor: int) -> "Rate":
        """Allow so many times as many attempts in the same time."""
        return Rate(count=self.count * factor, period=self.period)

    def wait(self, full_until: datetime | None, now: datetime) -> timedelta | None:
        """Tell how long the next attempt has to wait, or None if it may go on.

        The generic cell rate algorithm: one instant per count says all.

        Args:
            full_until: When all counted attempts will be forgotten; None for none counted.
            now: The instant of the attempt.

        Source: ITU-T I.371, annex A (virtual scheduling).
        """
        wait = self.counted(full_until, now) - now - self.period
        return wait if wait > timedelta(0) else None

    def counted(self, full_until: datetime | None, now: datetime) -> datetime:
        """Count an attempt: give the new instant at which all will be forgotten."""
        return max(full_until or now, now) + self.interval
