"""How often the audit log is read for the list of ended sessions."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import uuid4

import pytest
from typing_extensions import override

from latchkey.adapters.memory import MemoryStorage
from latchkey.application.audit.ended_sessions import AGE, EndedSessions
from latchkey.application.audit.follow import PAGE
from latchkey.domain.audit.event import AuditAction, AuditEvent
from latchkey.domain.audit.log import AuditFilter, AuditLog
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.sessions.session_id import SessionId
from latchkey.testing.factories import audit_event
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio


class Counted(AuditLog):
    """Counts the reads of a log, one of which may fail."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log
        self.reads: list[AuditFilter] = []
        self.fails_at = 0  # the number of a read

    @override
    async def append(self, *events: AuditEvent) -> None:
        await self._log.append(*events)

    @override
    async def read(self, wanted: AuditFilter, *, limit: int) -> tuple[AuditEvent, ...]:
        self.reads.append(wanted)
        found = await self._log.read(wanted, limit=limit)
        if len(self.reads) == self.fails_at:
            raise StorageUnavailableError
        return found

    @override
    async def logins(self, session_ids: Collection[SessionId]) -> Mapping[SessionId, AuditEvent]:
        return await self._log.logins(session_ids)


@pytest.fixture
def log(clock: FrozenClock) -> Counted:
    return Counted(MemoryStorage(clock).audit)


@pytest.fixture
def ended(log: Counted, clock: FrozenClock) -> EndedSessions:
    return EndedSessions(log, clock, timedelta(minutes=15))


async def test_the_log_is_read_once_in_5_seconds_however_many_ask(
    log: Counted, ended: EndedSessions, clock: FrozenClock
) -> None:
    counts = []
    for _ in range(3):
        first, *others = await asyncio.gather(*(ended() for _ in range(20)))
        assert all(other is first for other in others)
        counts.append(len(log.reads))
        clock.move(AGE)

    assert counts == [1, 2, 3]


async def test_a_later_read_asks_for_the_last_minute_only(
    log: Counted, ended: EndedSessions, clock: FrozenClock
) -> None:
    for _ in range(3):
        await ended()
        clock.move(AGE)

    starts = [wanted.after for wanted in log.reads]
    assert None not in starts
    assert starts == sorted(set(starts), key=str)


async def test_a_failure_between_two_pages_reaches_all_who_wait_and_loses_nothing(
    log: Counted, ended: EndedSessions, clock: FrozenClock
) -> None:
    sids = {SessionId(uuid4()) for _ in range(PAGE + 1)}
    now, action = clock.now(), AuditAction.SESSION_ENDED
    await log.append(*(audit_event(now, action, session_id=sid) for sid in sids))
    log.fails_at = 2

    failed = await asyncio.gather(*(ended() for _ in range(3)), return_exceptions=True)
    listed = await ended()

    assert [type(error) for error in failed] == [StorageUnavailableError] * 3
    assert len(log.reads) == 4
    assert set(listed.session_ids) == sids


async def test_who_stops_waiting_stops_nobody_else(log: Counted, ended: EndedSessions) -> None:
    waiting = [asyncio.ensure_future(ended()) for _ in range(2)]
    await asyncio.sleep(0)

    waiting[0].cancel()
    listed = await waiting[1]

    assert listed.session_ids == ()
    assert len(log.reads) == 1
