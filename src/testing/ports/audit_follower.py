"""What the follower of an audit log promises, on any storage."""

from datetime import timedelta

import pytest

from latchkey.application.audit.follow import MARGIN, PAGE, AuditFollower
from latchkey.domain.audit.event import AuditAction, AuditEvent
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.storage import Storage
from latchkey.testing.factories import audit_event
from latchkey.testing.frozen_clock import START, FrozenClock
from latchkey.testing.ports.storage import SECOND
from latchkey.testing.ports.suite import AsyncSuite

EVERYTHING = AuditFilter()


async def _new(follower: AuditFollower) -> list[AuditEvent]:
    return [event async for event in follower.new()]


class AuditFollowerSuite(AsyncSuite):
    """Each event is returned once. Asks for the fixtures `storage` and `clock`."""

    @pytest.fixture
    def follower(self, storage: Storage, clock: FrozenClock) -> AuditFollower:
        return AuditFollower(storage.audit, clock, EVERYTHING)

    async def test_only_the_newest_events_are_returned_of_those_that_are_there(
        self, storage: Storage, follower: AuditFollower
    ) -> None:
        events = [audit_event(START - age * SECOND) for age in (3, 2, 1)]
        await storage.audit.append(*events)

        assert await follower.newest(2) == tuple(events[1:])
        assert await _new(follower) == []

    async def test_each_new_event_is_returned_once(
        self, storage: Storage, follower: AuditFollower, clock: FrozenClock
    ) -> None:
        await follower.newest(9)
        found = []
        for _ in range(3):
            await storage.audit.append(audit_event(clock.move(SECOND)))
            found += await _new(follower)

        assert found == list(await storage.audit.read(EVERYTHING, limit=9))

    @pytest.mark.parametrize("delay", [SECOND, MARGIN - SECOND])
    async def test_an_event_that_appears_after_a_younger_one_is_returned(
        self, storage: Storage, follower: AuditFollower, clock: FrozenClock, delay: timedelta
    ) -> None:
        await follower.newest(9)
        late = audit_event(clock.now())
        younger = audit_event(clock.move(delay))
        await storage.audit.append(younger)
        before = await _new(follower)

        await storage.audit.append(late)

        assert before == [younger]
        assert await _new(follower) == [late]
        assert await _new(follower) == []

    async def test_more_events_than_one_read_returns_are_all_returned(
        self, storage: Storage, follower: AuditFollower
    ) -> None:
        await follower.newest(9)
        events = [audit_event(START + SECOND) for _ in range(2 * PAGE)]
        await storage.audit.append(*events)

        assert await _new(follower) == events

    async def test_events_that_are_not_wanted_are_left_out(
        self, storage: Storage, clock: FrozenClock
    ) -> None:
        wanted = AuditFilter(action=AuditAction.LOGIN_FAILED)
        follower = AuditFollower(storage.audit, clock, wanted)
        await follower.newest(9)
        failed = audit_event(START, AuditAction.LOGIN_FAILED)
        await storage.audit.append(failed, audit_event(START, AuditAction.USER_CREATED))

        assert await _new(follower) == [failed]

    async def test_what_happened_while_nobody_looked_is_returned(
        self, storage: Storage, follower: AuditFollower, clock: FrozenClock
    ) -> None:
        await follower.newest(9)
        happened = audit_event(clock.now())
        await storage.audit.append(happened)
        clock.move(10 * MARGIN)

        assert await _new(follower) == [happened]
