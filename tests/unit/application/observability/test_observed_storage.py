"""An observer is told of what is stored, and of nothing else."""

import pytest
from typing_extensions import override

from latchkey.adapters.memory import MemoryStorage
from latchkey.application.observability.observed_storage import observe
from latchkey.application.observability.observer import Unobserved
from latchkey.domain.audit.event import AuditAction, AuditEvent, event
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.testing.factories import SOURCE
from latchkey.testing.frozen_clock import START, FrozenClock

pytestmark = pytest.mark.anyio


class Recorder(Unobserved):
    def __init__(self) -> None:
        self.events: list[AuditEvent] = []

    @override
    def audited(self, *events: AuditEvent) -> None:
        self.events.extend(events)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def storage(clock: FrozenClock, recorder: Recorder) -> MemoryStorage:
    storage = MemoryStorage(clock)
    observe(storage, recorder)
    return storage


def an_event() -> AuditEvent:
    return event(AuditAction.LOGIN_FAILED, START, SOURCE)


async def test_an_event_is_told_when_it_is_stored(
    storage: MemoryStorage, recorder: Recorder
) -> None:
    stored = an_event()

    await storage.audit.append(stored)

    assert recorder.events == [stored]
    assert await storage.audit.read(AuditFilter(), limit=9) == (stored,)


async def test_events_of_a_unit_of_work_are_told_at_its_commit(
    storage: MemoryStorage, recorder: Recorder
) -> None:
    one, two = an_event(), an_event()

    async with storage.units.begin() as unit:
        await unit.audit.append(one)
        await unit.audit.append(two)
        before = list(recorder.events)
        await unit.commit()

    assert before == []
    assert recorder.events == [one, two]


async def test_what_is_undone_is_not_told(storage: MemoryStorage, recorder: Recorder) -> None:
    async with storage.units.begin() as unit:
        await unit.audit.append(an_event())

    assert recorder.events == []


async def test_what_could_not_be_stored_is_not_told(
    storage: MemoryStorage, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise StorageUnavailableError

    async with storage.units.begin() as unit:
        await unit.audit.append(an_event())
        monkeypatch.setattr("latchkey.adapters.memory.unit_of_work.MemoryUnitOfWork.commit", fail)
        with pytest.raises(StorageUnavailableError):
            await unit.commit()

    assert recorder.events == []
