"""The time of the database, by which all replicas judge."""

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
EVERY: Final = 60.0  # s between two synchronisations: a quartz drifts by less than 10 ms in it
RETRY_EVERY: Final = 1.0  # s, until the first one succeeds


class DatabaseClock(Clock):
    """Counts on from the database's time with the steady clock of this machine.

    So nobody who sets this machine's clock moves it. Tells the machine's own time until it is
    synchronised for the first time.
    """

    def __init__(self, access: Access) -> None:
        """Don't ask yet."""
        self._access = access
        self._start: datetime | None = None  # the time when the steady clock stood at 0

    @override
    def now(self) -> datetime:
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=time.monotonic())

    async def synchronise(self) -> None:
        """Ask the database what time it is; the shortest of a few round trips tells best.

        Raises:
            StorageUnavailableError: It did not answer; the clock goes on as it was.
        """
        samples = [await self._sample() for _ in range(_SAMPLES)]
        _, self._start = min(samples)

    async def stay_synchronised(self) -> None:
        """Synchronise again and again; never returns."""
        while True:
            await asyncio.sleep(RETRY_EVERY if self._start is None else EVERY)
            with suppress(StorageUnavailableError):
                await self.synchronise()

    async def _sample(self) -> tuple[float, datetime]:
        before = time.monotonic()
        [row] = await self._access.rows(_NOW)
        after = time.monotonic()
        told_at: datetime = row["now"]
        return after - before, told_at - timedelta(seconds=(before + after) / 2)
