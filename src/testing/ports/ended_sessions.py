"""What the list of ended sessions promises, on any storage."""

from datetime import timedelta
from uuid import uuid4

import pytest

from latchkey.application.audit.ended_sessions import AGE, EndedSessions
from latchkey.application.audit.follow import MARGIN, PAGE
from latchkey.domain.audit.event import AuditAction, AuditEvent
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.storage import Storage
from latchkey.testing.factories import audit_event
from latchkey.testing.frozen_clock import START, FrozenClock
from latchkey.testing.ports.storage import SECOND
from latchkey.testing.ports.suite import AsyncSuite

LIFETIME = timedelta(minutes=15)


def _end(ago: timedelta = timedelta(0)) -> AuditEvent:
    session_id = SessionId(uuid4())
    return audit_event(START - ago, AuditAction.SESSION_ENDED, session_id=session_id)


class EndedSessionsSuite(AsyncSuite):
    """Each end is listed as long as it matters. Asks for the fixtures `storage` and `clock`."""

    @pytest.fixture
    def ended(self, storage: Storage, clock: FrozenClock) -> EndedSessions:
        return EndedSessions(storage.audit, clock, LIFETIME)

    async def test_the_first_list_has_what_ended_while_tokens_may_be_valid(
        self, storage: Storage, ended: EndedSessions
    ) -> None:
        ages = (SECOND, LIFETIME, LIFETIME + MARGIN - SECOND, LIFETIME + MARGIN)
        *listed, over = [_end(age) for age in ages]
        await storage.audit.append(*listed, over, audit_event(session_id=SessionId(uuid4())))

        first = await ended()

        assert first.at == START
        assert set(first.session_ids) == {event.session_id for event in listed}

    async def test_an_end_is_in_the_list_5_seconds_later(
        self, storage: Storage, ended: EndedSessions, clock: FrozenClock
    ) -> None:
        before = await ended()
        await storage.audit.append(event := _end())

        clock.move(AGE - SECOND)
        meanwhile = await ended()
        clock.move(SECOND)
        after = await ended()

        assert meanwhile is before
        assert (before.session_ids, after.session_ids) == ((), (event.session_id,))

    async def test_an_end_that_is_committed_late_is_listed(
        self, storage: Storage, ended: EndedSessions, clock: FrozenClock
    ) -> None:
        late = _end()
        await ended()
        clock.move(MARGIN - SECOND)
        before = await ended()
        await storage.audit.append(late)

        clock.move(AGE)
        after = await ended()

        assert (before.session_ids, after.session_ids) == ((), (late.session_id,))

    async def test_a_session_leaves_the_list_when_its_tokens_have_expired(
        self, storage: Storage, ended: EndedSessions, clock: FrozenClock
    ) -> None:
        await storage.audit.append(event := _end())

        lists = []
        for period in (timedelta(0), LIFETIME + MARGIN - SECOND, SECOND + AGE):
            clock.move(period)
            lists.append((await ended()).session_ids)

        assert lists == [(event.session_id,), (event.session_id,), ()]

    async def test_any_number_of_ends_is_listed(
        self, storage: Storage, ended: EndedSessions
    ) -> None:
        events = [_end() for _ in range(2 * PAGE)]
        await storage.audit.append(*events)

        listed = await ended()

        assert set(listed.session_ids) == {event.session_id for event in events}
