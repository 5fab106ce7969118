"""Housekeeping goes on, whatever the storage answers."""

import asyncio
from datetime import datetime

import pytest
import structlog
from typing_extensions import override

from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.memory.sessions.sessions import MemorySessionRepository
from latchkey.adapters.memory.tables import CommittedTables
from latchkey.domain.kernel.errors import StorageFaultError
from latchkey.domain.sessions.session_id import SessionId
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.entrypoints.workers import housekeeping
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

SETTINGS = from_env({"APP_ENV": "test", "JWT_SECRET": "a-secret-of-the-tests-8d1f0b7c42e9"})


class RefusingSessions(MemorySessionRepository):
    """Keeps sessions in a storage that lets nobody delete any, and counts the attempts."""

    def __init__(self) -> None:
        super().__init__(CommittedTables())
        self.attempts = 0
        self.second_attempt = asyncio.Event()

    @override
    async def prune(
        self, born_before: datetime, *, limit: int, after: SessionId | None = None
    ) -> tuple[SessionId, ...]:
        self.attempts += 1
        if self.attempts > 1:
            self.second_attempt.set()
        raise StorageFaultError("permission denied for table sessions")


async def test_a_fault_of_the_storage_is_logged_and_pruning_is_tried_again(
    clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "INTERVAL", 0.0)
    storage = MemoryStorage(clock)
    storage.sessions = sessions = RefusingSessions()
    container = Container(settings=SETTINGS, storage=storage)

    with structlog.testing.capture_logs() as lines:
        task = asyncio.create_task(housekeeping.prune_periodically(container.prune()))
        async with asyncio.timeout(5):
            await sessions.second_attempt.wait()
        task.cancel()
        await asyncio.wait([task])

    assert {line["event"] for line in lines} == {"prune_failed"}
    assert lines[0]["cause"] == "permission denied for table sessions"
