"""What an audit log promises."""

import asyncio
from uuid import UUID

import pytest

from latchkey.domain.audit.event import AuditAction, AuditEvent, RequestSource, event
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.storage import Storage
from latchkey.testing.factories import audit_event
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import (
    AT_ONCE,
    SECOND,
    UTC_ONLY,
    added_user,
    offsets,
    opened_session,
    out_of_order,
)
from latchkey.testing.ports.suite import AsyncSuite

EVERYTHING = AuditFilter()
BEGINNING = UUID(int=0)


async def _log_of(storage: Storage, count: int) -> tuple[AuditEvent, ...]:
    events = [audit_event(START + index * SECOND) for index in range(count)]
    await storage.audit.append(*out_of_order(events))
    return tuple(events)


class AuditLogSuite(AsyncSuite):
    """All that an audit log promises. Asks for the fixture `storage`."""

    @pytest.mark.parametrize("action", AuditAction)
    async def test_an_event_is_read_as_it_was_appended(
        self, storage: Storage, action: AuditAction
    ) -> None:
        opened = await opened_session(storage)
        source = RequestSource(address="2001:db8::1", request_id="Zz09._-" * 9)
        happened = event(
            action,
            START,
            source,
            user_id=opened.user.id,
            session_id=opened.session.id,
            reason="an “odd” one\r\n🦊",
            role="ADMIN",
        )

        await storage.audit.append(happened)

        [found] = await storage.audit.read(EVERYTHING, limit=1)
        assert found == happened
        assert offsets(found.at) == UTC_ONLY

    async def test_an_event_of_nobody_is_read_as_it_was_appended(self, storage: Storage) -> None:
        happened = event(AuditAction.LOGIN_FAILED, START, RequestSource())

        await storage.audit.append(happened)

        assert await storage.audit.read(EVERYTHING, limit=1) == (happened,)

    async def test_appending_nothing_is_fine(self, storage: Storage) -> None:
        await storage.audit.append()

        assert await storage.audit.read(EVERYTHING, limit=1) == ()

    async def test_events_are_read_in_the_order_of_their_ids(self, storage: Storage) -> None:
        events = [audit_event(START + seconds * SECOND) for seconds in (0, 1, 1, 1, 2)]
        shuffled = [events[index] for index in (3, 0, 4, 2, 1)]

        await storage.audit.append(*shuffled[:2])
        await storage.audit.append(*shuffled[2:])

        assert await storage.audit.read(EVERYTHING, limit=100) == tuple(events)

    async def test_the_newest_events_are_read_when_nothing_says_after_what(
        self, storage: Storage
    ) -> None:
        events = await _log_of(storage, 5)

        assert await storage.audit.read(EVERYTHING, limit=2) == events[3:]

    async def test_the_next_events_are_read_after_one(self, storage: Storage) -> None:
        events = await _log_of(storage, 5)

        found = await storage.audit.read(AuditFilter(after=events[1].id), limit=2)

        assert found == events[2:4]

    async def test_all_events_can_be_read_from_the_beginning(self, storage: Storage) -> None:
        events = await _log_of(storage, 5)

        assert await storage.audit.read(AuditFilter(after=BEGINNING), limit=100) == events

    async def test_nothing_is_read_after_the_last_event(self, storage: Storage) -> None:
        events = await _log_of(storage, 2)

        assert await storage.audit.read(AuditFilter(after=events[-1].id), limit=2) == ()

    async def test_the_newest_events_before_one_are_read(self, storage: Storage) -> None:
        events = await _log_of(storage, 5)

        found = await storage.audit.read(AuditFilter(before=events[3].id), limit=2)
        first = await storage.audit.read(AuditFilter(before=events[1].id), limit=9)
        between = AuditFilter(after=events[0].id, before=events[4].id)

        assert found == events[1:3]
        assert first == events[:1]
        assert await storage.audit.read(between, limit=2) == events[1:3]

    async def test_events_before_one_are_found_by_their_user(self, storage: Storage) -> None:
        ada, bob = await added_user(storage), await added_user(storage)
        events = [
            audit_event(START + index * SECOND, user_id=user.id)
            for index, user in enumerate([ada, bob, ada, ada, bob])
        ]
        await storage.audit.append(*events)
        wanted = AuditFilter(before=events[3].id, user_id=ada.id)

        assert await storage.audit.read(wanted, limit=9) == (events[0], events[2])

    async def test_events_are_found_by_what_happened_to_whom(self, storage: Storage) -> None:
        ada, bob = await opened_session(storage), await opened_session(storage)
        hers = audit_event(user_id=ada.user.id, session_id=ada.session.id)
        his = audit_event(START + SECOND, user_id=bob.user.id, session_id=bob.session.id)
        failure = audit_event(START + 2 * SECOND, AuditAction.LOGIN_FAILED, user_id=ada.user.id)
        await storage.audit.append(hers, his, failure)

        of_her = await storage.audit.read(AuditFilter(user_id=ada.user.id), limit=9)
        of_his_session = await storage.audit.read(AuditFilter(session_id=bob.session.id), limit=9)
        failed = await storage.audit.read(AuditFilter(action=AuditAction.LOGIN_FAILED), limit=9)

        assert of_her == (hers, failure)
        assert of_his_session == (his,)
        assert failed == (failure,)

    async def test_events_that_are_not_asked_for_use_up_no_limit(self, storage: Storage) -> None:
        ada, bob = await added_user(storage), await added_user(storage)
        events = [
            audit_event(START + index * SECOND, user_id=user.id)
            for index, user in enumerate([bob, ada, bob, ada, bob, ada, bob])
        ]
        await storage.audit.append(*events)

        newest = await storage.audit.read(AuditFilter(user_id=ada.id), limit=2)
        next_ones = await storage.audit.read(
            AuditFilter(after=events[1].id, user_id=ada.id), limit=1
        )

        assert newest == (events[3], events[5])
        assert next_ones == (events[3],)

    async def test_an_event_stays_when_it_was_read(self, storage: Storage) -> None:
        events = await _log_of(storage, 3)

        first = await storage.audit.read(EVERYTHING, limit=100)
        second = await storage.audit.read(EVERYTHING, limit=100)

        assert first == second == events

    async def test_events_are_found_by_their_request(self, storage: Storage) -> None:
        happened = event(AuditAction.LOGIN_FAILED, START, RequestSource(request_id="one"))
        other = event(AuditAction.LOGIN_FAILED, START, RequestSource(request_id="another"))
        await storage.audit.append(happened, other)

        assert await storage.audit.read(AuditFilter(request_id="one"), limit=9) == (happened,)

    async def test_conditions_hold_together(self, storage: Storage) -> None:
        user = await added_user(storage)
        events = [
            audit_event(START + index * SECOND, action, user_id=user.id)
            for index, action in enumerate(
                [AuditAction.LOGIN_FAILED, AuditAction.LOGIN_SUCCEEDED, AuditAction.LOGIN_FAILED]
            )
        ]
        await storage.audit.append(*events, audit_event(START + 3 * SECOND))
        wanted = AuditFilter(after=events[0].id, action=AuditAction.LOGIN_FAILED, user_id=user.id)

        assert await storage.audit.read(wanted, limit=9) == (events[2],)

    async def test_events_appended_together_are_never_read_in_part(self, storage: Storage) -> None:
        batches = [[audit_event() for _ in range(10)] for _ in range(AT_ONCE)]

        async def count() -> int:
            return len(await storage.audit.read(EVERYTHING, limit=1000))

        counts = await asyncio.gather(
            *(
                step
                for batch in batches
                for step in (count(), storage.audit.append(*batch), count())
            )
        )

        assert {seen % 10 for seen in counts if seen is not None} == {0}
        assert await count() == 10 * AT_ONCE

    async def test_the_logins_of_sessions_are_found(self, storage: Storage) -> None:
        first, second, third = [await opened_session(storage) for _ in range(3)]
        logins = [
            event(
                AuditAction.LOGIN_SUCCEEDED,
                START,
                RequestSource(address="192.0.2.1"),
                user_id=each.user.id,
                session_id=each.session.id,
                device="curl",
            )
            for each in (first, second, third)
        ]
        others = [
            event(action, START, RequestSource(), session_id=first.session.id)
            for action in AuditAction
            if action is not AuditAction.LOGIN_SUCCEEDED
        ]
        await storage.audit.append(*out_of_order([*logins, *others]))

        wanted = [first.session.id, third.session.id, SessionId(UUID(int=1))]
        found = await storage.audit.logins(wanted)

        assert found == {first.session.id: logins[0], third.session.id: logins[2]}

    async def test_no_sessions_have_no_logins(self, storage: Storage) -> None:
        await storage.audit.append(event(AuditAction.LOGIN_SUCCEEDED, START, RequestSource()))

        assert await storage.audit.logins([]) == {}
