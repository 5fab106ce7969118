"""What a repository of sessions promises about their ends."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.storage import Storage
from latchkey.testing.factories import refresh_token
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import (
    AT_ONCE,
    SECOND,
    Opened,
    added_user,
    found_session,
    opened_session,
)
from latchkey.testing.ports.suite import AsyncSuite

HOUR = timedelta(hours=1)


class SessionEndSuite(AsyncSuite):
    """One session ends, or all sessions of a user end."""

    @pytest.mark.parametrize("reason", EndReason)
    async def test_an_ended_session_keeps_why(self, storage: Storage, reason: EndReason) -> None:
        opened = await opened_session(storage)

        owner = await storage.sessions.end(opened.token, reason)

        assert owner == opened.user.id
        found = await found_session(storage, opened.token)
        assert found.session == replace(opened.session, end_reason=reason)

    @pytest.mark.parametrize("generation", [0, 1, 7, 2**32 - 1])
    async def test_a_token_of_any_generation_ends_its_session(
        self, storage: Storage, generation: int
    ) -> None:
        opened = await opened_session(storage, generation=5)
        token = opened.token.with_generation(generation)

        owner = await storage.sessions.end(token, EndReason.LOGGED_OUT)

        assert owner == opened.user.id

    async def test_a_token_that_does_not_know_the_secret_ends_nothing(
        self, storage: Storage
    ) -> None:
        opened = await opened_session(storage)
        guessed = replace(opened.token, secret=bytes(16))

        owner = await storage.sessions.end(guessed, EndReason.LOGGED_OUT)

        assert owner is None
        assert (await found_session(storage, opened.token)).session == opened.session

    async def test_the_session_of_a_disabled_user_ends(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        await storage.users.disable(opened.user.id, START)

        owner = await storage.sessions.end(opened.token, EndReason.LOGGED_OUT)

        assert owner == opened.user.id
        assert await self._reasons(storage, opened) == [EndReason.LOGGED_OUT]

    async def test_the_end_of_a_session_is_not_that_of_others(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        own, other = await opened_session(storage, opened.user), await opened_session(storage)

        await storage.sessions.end(opened.token, EndReason.LOGGED_OUT)

        assert await self._reasons(storage, own, other) == [None, None]

    async def test_an_unknown_session_has_no_end(self, storage: Storage) -> None:
        await opened_session(storage)

        owner = await storage.sessions.end(refresh_token(), EndReason.LOGGED_OUT)

        assert owner is None

    async def test_the_first_end_of_a_session_stands(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        await storage.sessions.end(opened.token, EndReason.LOGGED_OUT)

        owner = await storage.sessions.end(opened.token, EndReason.REUSE_DETECTED)

        assert owner is None
        found = await found_session(storage, opened.token)
        assert found.session.end_reason is EndReason.LOGGED_OUT

    async def test_of_many_ends_at_once_one_succeeds(self, storage: Storage) -> None:
        opened = await opened_session(storage)

        owners = await asyncio.gather(
            *(storage.sessions.end(opened.token, EndReason.LOGGED_OUT) for _ in range(AT_ONCE))
        )

        assert sorted(owners, key=bool) == [None] * (AT_ONCE - 1) + [opened.user.id]

    @pytest.mark.requirement("RS-12")
    async def test_all_sessions_of_a_user_end_and_nobody_elses(self, storage: Storage) -> None:
        user, other = await added_user(storage), await opened_session(storage)
        own = [await opened_session(storage, user) for _ in range(3)]

        ended = await storage.sessions.end_all(user.id, EndReason.REVOKED)

        assert sorted(ended) == sorted(opened.session.id for opened in own)
        assert await self._reasons(storage, *own, other) == [EndReason.REVOKED] * 3 + [None]

    async def test_a_user_may_have_no_session_to_end(self, storage: Storage) -> None:
        user = await added_user(storage)
        await opened_session(storage)

        assert await storage.sessions.end_all(user.id, EndReason.REVOKED) == ()

    async def test_the_oldest_sessions_of_a_user_end_first(self, storage: Storage) -> None:
        user = await added_user(storage)
        own = [
            await opened_session(storage, user, now=START + age * SECOND) for age in (2, 0, 3, 1)
        ]

        ended = await storage.sessions.end_all(user.id, EndReason.REVOKED, limit=2)

        assert ended == (own[3].session.id, own[1].session.id)
        reasons = await self._reasons(storage, *own)
        assert reasons == [None, EndReason.REVOKED, None, EndReason.REVOKED]

    async def test_sessions_that_have_ended_are_not_ended_again(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        await storage.sessions.end(opened.token, EndReason.LOGGED_OUT)

        ended = await storage.sessions.end_all(opened.user.id, EndReason.REVOKED)

        assert ended == ()
        assert await self._reasons(storage, opened) == [EndReason.LOGGED_OUT]

    @staticmethod
    async def _reasons(storage: Storage, *sessions: Opened) -> list[EndReason | None]:
        found = [await found_session(storage, opened.token) for opened in sessions]
        return [each.session.end_reason for each in found]
