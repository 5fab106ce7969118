"""What a repository of sessions promises."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import Session, UserSession
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, password_hash, refresh_token
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.rotation import SessionRotationSuite
from latchkey.testing.ports.session_ends import SessionEndSuite
from latchkey.testing.ports.session_races import SessionRaceSuite
from latchkey.testing.ports.session_replacements import SessionReplacementSuite
from latchkey.testing.ports.storage import (
    AT_ONCE,
    SECOND,
    UTC_ONLY,
    added_user,
    found_session,
    offsets,
    opened_session,
)
from latchkey.testing.ports.suite import AsyncSuite

HOUR = timedelta(hours=1)


class SessionAdditionSuite(AsyncSuite):
    """Sessions are stored and found."""

    @pytest.mark.parametrize("generation", [0, 1, 2**31, 2**32 - 1])
    async def test_a_session_is_found_as_it_was_added(
        self, storage: Storage, generation: int
    ) -> None:
        user, token = await added_user(storage), refresh_token(generation=generation)
        session = Session.begin(token, user.id, START)

        is_added = await storage.sessions.add(session, password_version=1)

        assert is_added
        found = await storage.sessions.find(token.session_id)
        assert found == UserSession(session=session, user=user)
        assert offsets(found.session.rotated_at, found.session.expires_at) == UTC_ONLY

    async def test_an_unknown_session_is_not_found(self, storage: Storage) -> None:
        await opened_session(storage)

        assert await storage.sessions.find(SessionId(uuid4())) is None

    async def test_a_session_is_found_with_its_user_as_of_now(self, storage: Storage) -> None:
        await added_user(storage, role=Role.ADMIN)
        opened = await opened_session(storage)
        await storage.users.set_role(opened.user.id, Role.ADMIN)
        await storage.users.disable(opened.user.id, START)

        found = await found_session(storage, opened.token)

        assert found.user == replace(opened.user, role=Role.ADMIN, disabled_at=START)
        assert found.session == opened.session

    @pytest.mark.parametrize("version", [0, 1, 3])
    async def test_a_session_of_another_password_is_not_added(
        self, storage: Storage, version: int
    ) -> None:
        user, token = await added_user(storage), refresh_token()
        await storage.password_credentials.change_password(user.id, password_hash())

        is_added = await storage.sessions.add(
            Session.begin(token, user.id, START), password_version=version
        )

        assert not is_added
        assert await storage.sessions.find(token.session_id) is None

    async def test_a_session_of_the_changed_password_is_added(self, storage: Storage) -> None:
        user, token = await added_user(storage), refresh_token()
        await storage.password_credentials.change_password(user.id, password_hash())

        assert await storage.sessions.add(Session.begin(token, user.id, START), password_version=2)

    async def test_a_session_of_a_disabled_user_is_not_added(self, storage: Storage) -> None:
        user, token = await added_user(storage), refresh_token()
        await storage.users.disable(user.id, START)

        is_added = await storage.sessions.add(
            Session.begin(token, user.id, START), password_version=1
        )

        assert not is_added
        assert await storage.sessions.find(token.session_id) is None

    async def test_a_session_of_a_user_who_was_enabled_again_is_added(
        self, storage: Storage
    ) -> None:
        user, token = await added_user(storage), refresh_token()
        await storage.users.disable(user.id, START)
        await storage.users.enable(user.id)

        assert await storage.sessions.add(Session.begin(token, user.id, START), password_version=1)

    async def test_a_session_of_an_upgraded_hash_is_added(self, storage: Storage) -> None:
        user, token, old = UserFactory.build(), refresh_token(), password_hash()
        await storage.users.add(user, old)
        await storage.password_credentials.upgrade_hash(user.id, old=old, new=password_hash())

        assert await storage.sessions.add(Session.begin(token, user.id, START), password_version=1)

    async def test_a_session_of_nobody_is_not_added(self, storage: Storage) -> None:
        token = refresh_token()

        is_added = await storage.sessions.add(
            Session.begin(token, UserId(uuid4()), START), password_version=1
        )

        assert not is_added
        assert await storage.sessions.find(token.session_id) is None


class SessionPruneSuite(AsyncSuite):
    """Old sessions are deleted, the oldest first."""

    async def test_sessions_born_before_an_instant_are_deleted(self, storage: Storage) -> None:
        alive = await opened_session(storage)
        ended = await opened_session(storage, now=START + SECOND)
        await storage.sessions.end(ended.token, EndReason.LOGGED_OUT)
        younger = await opened_session(storage, now=START + 2 * SECOND)

        pruned = await storage.sessions.prune(START + 2 * SECOND, limit=100)

        assert pruned == (alive.session.id, ended.session.id)
        assert await storage.sessions.find(alive.session.id) is None
        assert await storage.sessions.find(ended.session.id) is None
        assert (await found_session(storage, younger.token)).session == younger.session

    async def test_the_oldest_sessions_are_deleted_first(self, storage: Storage) -> None:
        own = [await opened_session(storage, now=START + age * SECOND) for age in (2, 0, 1)]

        pruned = await storage.sessions.prune(START + HOUR, limit=2)

        found = [await storage.sessions.find(opened.session.id) for opened in own]
        assert pruned == (own[1].session.id, own[2].session.id)
        assert [each is None for each in found] == [False, True, True]

    async def test_a_session_is_as_old_as_its_login_however_often_it_rotates(
        self, storage: Storage
    ) -> None:
        opened = await opened_session(storage)
        await storage.sessions.rotate(opened.token, current=0, now=START + HOUR, idle=2 * HOUR)

        pruned = await storage.sessions.prune(START + SECOND, limit=1)

        assert pruned == (opened.session.id,)
        assert await storage.sessions.find(opened.session.id) is None

    async def test_of_many_that_prune_at_once_none_counts_what_another_deleted(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)
        for _ in range(AT_ONCE):
            await opened_session(storage, user)

        batches = await asyncio.gather(
            *(storage.sessions.prune(START + HOUR, limit=3) for _ in range(AT_ONCE))
        )

        left = await storage.sessions.prune(START + HOUR, limit=100)
        assert max(map(len, batches)) <= 3
        assert sum(map(len, batches)) + len(left) == AT_ONCE

    async def test_a_batch_begins_where_the_one_before_it_ended(self, storage: Storage) -> None:
        own = [await opened_session(storage, now=START + age * SECOND) for age in range(3)]
        first, second, third = (opened.session.id for opened in own)

        pruned = await storage.sessions.prune(START + HOUR, limit=1, after=first)
        rest = await storage.sessions.prune(START + HOUR, limit=9, after=second)

        assert (pruned, rest) == ((second,), (third,))
        assert await storage.sessions.find(first) is not None

    async def test_there_may_be_nothing_to_delete(self, storage: Storage) -> None:
        await opened_session(storage)

        assert await storage.sessions.prune(START, limit=100) == ()

    async def test_a_pruned_session_is_neither_rotated_nor_ended(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        await storage.sessions.prune(START + HOUR, limit=1)

        rotated = await storage.sessions.rotate(
            opened.token, current=0, now=START + SECOND, idle=HOUR
        )
        owner = await storage.sessions.end(opened.token, EndReason.LOGGED_OUT)

        assert (rotated, owner) == (None, None)


class SessionRepositorySuite(
    SessionAdditionSuite,
    SessionRotationSuite,
    SessionEndSuite,
    SessionReplacementSuite,
    SessionPruneSuite,
    SessionRaceSuite,
):
    """All that a repository of sessions promises. Asks for the fixture `storage`."""
