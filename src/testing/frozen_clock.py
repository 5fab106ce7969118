"""A clock for tests, which stands still until it is moved."""

from datetime import UTC, datetime, timedelta
from typing import Final

from typing_extensions import override

from latchkey.domain.kernel.clock import Clock

START: Final = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


class FrozenClock(Clock):
    """Stands at `START` until it is moved, forwards or backwards."""

    def __init__(self, at: datetime = START) -> None:
        self._now = at

    @override
    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> datetime:
        """Move the clock by a duration, and return the new instant."""
        self._now += by
        return self._now
