"""The time of the database, which all replicas use."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import StorageUnavailableError

_NOW: Final = Statement(select(func.clock_timestamp().label("now")), is_read=True)
_SAMPLES: Final = 3
EVERY: Final = 60.0  # s between synchronisations; the drift stays below 10 ms
RETRY_EVERY: Final = 1.0  # s, until the first synchronisation succeeds

_MONOTONIC: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux: CLOCK_MONOTONIC stops while the machine is suspended; on macOS it does not."""


def _elapsed() -> float:
    """Return the seconds since some instant, as far as possible with the time of suspensions."""
    return time.clock_gettime(_MONOTONIC)


class DatabaseClock(Clock):
    """The database's time at the last synchronisation, advanced by this machine's monotonic clock.

    Setting the machine's wall clock therefore has no effect. On Linux and macOS the monotonic clock
    also counts the time that the machine is suspended. It cannot count the time that a hypervisor
    stops a virtual machine without telling it: the next synchronisation makes up for that. Until
    the first synchronisation, the machine's own time is used.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._start: datetime | None = None  # database time at which the monotonic clock was 0

    @override
    def now(self) -> datetime:
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=_elapsed())

    async def synchronise(self) -> None:
        """Read the database's time a few times, and use the sample with the shortest round trip.

        Raises:
            StorageUnavailableError: The database did not respond. The clock is unchanged.
        """
        samples = [await self._sample() for _ in range(_SAMPLES)]
        _, self._start = min(samples)

    async def stay_synchronised(self) -> None:
        """Synchronise periodically; never returns."""
        while True:
            await asyncio.sleep(RETRY_EVERY if self._start is None else EVERY)
            with suppress(StorageUnavailableError):
                await self.synchronise()

    async def _sample(self) -> tuple[float, datetime]:
        before = _elapsed()
        [row] = await self._access.rows(_NOW)
        after = _elapsed()
        database_time: datetime = row["now"]
        return after - before, database_time - timedelta(seconds=(before + after) / 2)
