"""What a worker shows of itself and of the database, while it lives."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from typing_extensions import override

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.memory.mail.outbox import MemoryOutbox
from latchkey.adapters.memory.tables import CommittedTables
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.mail.outbox import Backlog
from latchkey.entrypoints.observability.metrics import catalogue
from latchkey.entrypoints.observability.metrics.catalogue import LAYOUT
from latchkey.entrypoints.observability.metrics.meter import Meter
from latchkey.entrypoints.workers import metrics
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

AGE = timedelta(minutes=3)
DATABASE, OUTBOX, OLDEST = (
    LAYOUT.place(metric) for metric in (catalogue.DATABASE, catalogue.OUTBOX, catalogue.OLDEST)
)


class Outbox(MemoryOutbox):
    """Has two mails, until the storage fails; tells when it was asked again after that."""

    def __init__(self, clock: FrozenClock) -> None:
        super().__init__(CommittedTables())
        self._clock = clock
        self.is_available = True
        self.was_asked = asyncio.Semaphore(0)

    @override
    async def backlog(self) -> Backlog:
        self.was_asked.release()
        if not self.is_available:
            raise StorageUnavailableError
        return Backlog(mails=2, oldest_at=self._clock.now() - AGE)


@pytest.fixture
def block() -> memoryview:
    return memoryview(bytearray(LAYOUT.cells * 8)).cast("q")


@pytest.fixture
def hasher() -> Iterator[BcryptPasswordHasher]:
    hasher = BcryptPasswordHasher(rounds=4, workers=1, queue=1)
    yield hasher
    hasher.close()


async def test_a_worker_shows_an_outage_of_the_database_and_its_end(
    clock: FrozenClock,
    block: memoryview,
    hasher: BcryptPasswordHasher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(metrics, "OUTBOX_EVERY", 0.0)
    storage = MemoryStorage(clock)
    storage.outbox = outbox = Outbox(clock)
    task = asyncio.create_task(metrics.show_periodically(Meter(block), storage, hasher))
    async with asyncio.timeout(5):
        await outbox.was_asked.acquire()
        await outbox.was_asked.acquire()
        up = (block[DATABASE], block[OUTBOX], block[OLDEST], block[LAYOUT.alive_at] > 0)
        outbox.is_available = False
        for _ in range(4):
            await outbox.was_asked.acquire()
        down = block[DATABASE]
    task.cancel()
    await asyncio.wait([task])

    assert up == (1, 2, 180_000_000_000, True)
    assert down == 0
    assert block[LAYOUT.alive_at] == 0
