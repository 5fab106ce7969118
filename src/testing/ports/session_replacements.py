"""What a repository of sessions promises about those that a login replaces."""

from dataclasses import replace
from typing import Final

from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import EndedSession
from latchkey.domain.storage import Storage
from latchkey.testing.factories import refresh_token
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import (
    IDLE,
    SECOND,
    Opened,
    added_user,
    found_session,
    opened_session,
)
from latchkey.testing.ports.suite import AsyncSuite

MANY: Final = 100


class SessionReplacementSuite(AsyncSuite):
    """A login replaces the sessions whose tokens it carries, and the idlest ones beyond a limit."""

    async def test_the_sessions_of_presented_tokens_are_replaced_whosever_they_are(
        self, storage: Storage
    ) -> None:
        own = await opened_session(storage)
        other = await opened_session(storage, now=START + SECOND)
        bystander = await opened_session(storage, own.user)

        ended = await storage.sessions.replace(
            own.user.id, [own.token, other.token.with_generation(7)], keep=MANY, limit=MANY
        )

        assert ended == (
            EndedSession(other.user.id, other.session.id),
            EndedSession(own.user.id, own.session.id),
        )
        reasons = await self._reasons(storage, own, other, bystander)
        assert reasons == [EndReason.REPLACED, EndReason.REPLACED, None]

    async def test_no_session_is_replaced_by_a_token_with_another_secret(
        self, storage: Storage
    ) -> None:
        opened = await opened_session(storage)
        guessed = replace(opened.token, secret=bytes(16))

        ended = await storage.sessions.replace(
            opened.user.id, [guessed, refresh_token()], keep=MANY, limit=MANY
        )

        assert ended == ()
        assert await self._reasons(storage, opened) == [None]

    async def test_a_session_that_has_ended_is_not_replaced(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        await storage.sessions.end(opened.token, EndReason.LOGGED_OUT)
        await opened_session(storage, opened.user)

        ended = await storage.sessions.replace(opened.user.id, [opened.token], keep=1, limit=MANY)

        assert ended == ()
        assert await self._reasons(storage, opened) == [EndReason.LOGGED_OUT]

    async def test_the_sessions_that_were_rotated_last_are_not_replaced(
        self, storage: Storage
    ) -> None:
        user, other = await added_user(storage), await opened_session(storage)
        own = [
            await opened_session(storage, user, now=START + age * SECOND) for age in (2, 0, 3, 1)
        ]
        await storage.sessions.rotate(own[1].token, current=0, now=START + 9 * SECOND, idle=IDLE)

        ended = await storage.sessions.replace(user.id, [], keep=2, limit=MANY)

        assert [each.id for each in ended] == [own[0].session.id, own[3].session.id]
        reasons = await self._reasons(storage, *own, other)
        assert reasons == [EndReason.REPLACED, None, None, EndReason.REPLACED, None]

    async def test_the_idlest_sessions_are_replaced_first(self, storage: Storage) -> None:
        user = await added_user(storage)
        own = [await opened_session(storage, user, now=START + age * SECOND) for age in range(4)]
        await storage.sessions.rotate(own[0].token, current=0, now=START + 9 * SECOND, idle=IDLE)

        ended = await storage.sessions.replace(user.id, [], keep=1, limit=2)

        assert [each.id for each in ended] == [own[2].session.id, own[1].session.id]
        reasons = await self._reasons(storage, *own)
        assert reasons == [None, EndReason.REPLACED, EndReason.REPLACED, None]

    async def test_a_presented_session_that_is_replaced_makes_room_for_another(
        self, storage: Storage
    ) -> None:
        idle = await opened_session(storage)
        carried = await opened_session(storage, idle.user, now=START + SECOND)
        new = await opened_session(storage, idle.user, now=START + 2 * SECOND)

        ended = await storage.sessions.replace(idle.user.id, [carried.token], keep=2, limit=MANY)

        assert ended == (EndedSession(idle.user.id, carried.session.id),)
        assert await self._reasons(storage, idle, new) == [None, None]

    async def test_there_may_be_no_session_to_replace(self, storage: Storage) -> None:
        opened = await opened_session(storage)

        assert await storage.sessions.replace(opened.user.id, [], keep=1, limit=MANY) == ()
        assert await self._reasons(storage, opened) == [None]

    @staticmethod
    async def _reasons(storage: Storage, *sessions: Opened) -> list[EndReason | None]:
        found = [await found_session(storage, opened.token) for opened in sessions]
        return [each.session.end_reason for each in found]
