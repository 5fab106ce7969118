"""What a repository of a user's sessions promises."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from latchkey.domain.accounts.user import User
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import Session
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.storage import Storage
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import (
    AT_ONCE,
    IDLE,
    MICROSECOND,
    SECOND,
    Opened,
    added_user,
    found_session,
    opened_session,
    out_of_order,
)
from latchkey.testing.ports.suite import AsyncSuite

NOW = START + timedelta(minutes=1)


async def _listed(
    storage: Storage,
    user: User,
    *,
    now: datetime = NOW,
    after: Position | None = None,
    limit: int = 100,
) -> Page[Session]:
    return await storage.user_sessions.page_of(
        user.id, now=now, idle=IDLE, after=after, limit=limit
    )


async def _logins(storage: Storage, user: User, count: int) -> list[Opened]:
    """Keep sessions that began one second after the other, in another order; newest first."""
    instants = out_of_order([START + index * SECOND for index in range(count)])
    opened = [await opened_session(storage, user, now=now) for now in instants]
    return sorted(opened, key=lambda each: each.session.id, reverse=True)


class UserSessionRepositorySuite(AsyncSuite):
    """All that a repository of a user's sessions promises. Asks for the fixture `storage`."""

    async def test_sessions_are_listed_as_they_are_newest_first(self, storage: Storage) -> None:
        user = await added_user(storage)
        await opened_session(storage)
        opened = await _logins(storage, user, 7)

        page = await _listed(storage, user)

        assert page == Page(items=tuple(each.session for each in opened), next=None)

    async def test_a_user_without_sessions_has_an_empty_page(self, storage: Storage) -> None:
        assert await _listed(storage, await added_user(storage)) == Page(items=(), next=None)

    @pytest.mark.parametrize("limit", [1, 2, 3, 6, 7])
    async def test_pages_have_every_session_once(self, storage: Storage, limit: int) -> None:
        user = await added_user(storage)
        opened = await _logins(storage, user, 7)

        found: tuple[Session, ...] = ()
        after, pages = None, 0
        while pages == 0 or after:
            page = await _listed(storage, user, after=after, limit=limit)
            assert 1 <= len(page.items) <= limit
            found, after, pages = found + page.items, page.next, pages + 1
            assert pages <= len(opened)

        assert found == tuple(each.session for each in opened)
        assert pages == -(-7 // limit)

    async def test_a_rotated_session_is_listed_as_rotated(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        rotated_at = START + SECOND
        await storage.sessions.rotate(opened.token, current=0, now=rotated_at, idle=IDLE)

        page = await _listed(storage, opened.user)

        assert page.items == (opened.after_rotation(rotated_at),)

    async def test_an_ended_session_is_not_listed(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        await storage.sessions.end(opened.token, EndReason.LOGGED_OUT)

        assert (await _listed(storage, opened.user)).items == ()

    @pytest.mark.parametrize("absolute", [IDLE - SECOND, IDLE + SECOND])
    async def test_a_session_is_listed_until_it_expires(
        self, storage: Storage, absolute: timedelta
    ) -> None:
        opened = await opened_session(storage, absolute=absolute)
        expiry = min(opened.session.expires_at, START + IDLE)

        before = await _listed(storage, opened.user, now=expiry - MICROSECOND)
        then = await _listed(storage, opened.user, now=expiry)

        assert before.items == (opened.session,)
        assert then.items == ()

    @pytest.mark.parametrize("reason", EndReason)
    async def test_the_named_sessions_end_and_the_others_do_not(
        self, storage: Storage, reason: EndReason
    ) -> None:
        user = await added_user(storage)
        opened = await _logins(storage, user, 5)
        named = [each.session.id for each in opened[1:4]]

        ended = await storage.user_sessions.end(user.id, out_of_order(named), reason)

        assert ended == tuple(named)
        reasons = [(await found_session(storage, each.token)).session.end_reason for each in opened]
        assert reasons == [None, reason, reason, reason, None]

    async def test_foreign_unknown_and_ended_sessions_are_ignored(self, storage: Storage) -> None:
        own, foreign = await opened_session(storage), await opened_session(storage)
        ended = await opened_session(storage, own.user)
        await storage.sessions.end(ended.token, EndReason.LOGGED_OUT)
        named = [foreign.session.id, ended.session.id, SessionId(uuid4())]

        outcome = await storage.user_sessions.end(own.user.id, named, EndReason.REVOKED)

        assert outcome == ()
        assert (await found_session(storage, own.token)).session == own.session
        assert (await found_session(storage, foreign.token)).session == foreign.session
        left = (await found_session(storage, ended.token)).session.end_reason
        assert left is EndReason.LOGGED_OUT

    async def test_no_ids_end_nothing(self, storage: Storage) -> None:
        opened = await opened_session(storage)

        assert await storage.user_sessions.end(opened.user.id, [], EndReason.REVOKED) == ()
        assert (await found_session(storage, opened.token)).session == opened.session

    async def test_of_concurrent_calls_one_ends_a_session(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        named = [opened.session.id]

        outcomes = await asyncio.gather(
            *(
                storage.user_sessions.end(opened.user.id, named, EndReason.REVOKED)
                for _ in range(AT_ONCE)
            )
        )

        assert sorted(outcomes) == [()] * (AT_ONCE - 1) + [tuple(named)]

    async def test_an_ended_session_does_not_rotate(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        await storage.user_sessions.end(opened.user.id, [opened.session.id], EndReason.REVOKED)

        rotated = await storage.sessions.rotate(opened.token, current=0, now=NOW, idle=IDLE)

        assert rotated is None
