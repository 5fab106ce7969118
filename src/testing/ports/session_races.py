"""What a repository of sessions promises about concurrent changes of one session."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import Session
from latchkey.domain.storage import Storage
from latchkey.testing.factories import password_hash, refresh_token
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import (
    AT_ONCE,
    IDLE,
    ROUNDS,
    SECOND,
    Opened,
    added_user,
    found_session,
    opened_session,
)
from latchkey.testing.ports.suite import AsyncSuite

End = Callable[[Storage, Opened], Awaitable[None]]

SOON: Final = START + SECOND
PATIENCE: Final = 10_000  # rotations, many more than there is time for before an end


async def log_out(storage: Storage, opened: Opened) -> None:
    """End one session."""
    await storage.sessions.end(opened.token, EndReason.LOGGED_OUT)


async def revoke(storage: Storage, opened: Opened) -> None:
    """End all sessions of a user."""
    await storage.sessions.end_all(opened.user.id, EndReason.REVOKED)


async def shut_out(storage: Storage, opened: Opened) -> None:
    """Disable a user and leave the sessions as they are."""
    await storage.users.disable(opened.user.id, SOON)


async def disable(storage: Storage, opened: Opened) -> None:
    """Disable a user and end all sessions, in one transaction."""
    async with storage.units.begin() as unit:
        await unit.users.disable(opened.user.id, SOON)
        await unit.sessions.end_all(opened.user.id, EndReason.USER_DISABLED)
        await unit.commit()


async def change_password(storage: Storage, opened: Opened) -> None:
    """Change a password and end all sessions, in one transaction."""
    async with storage.units.begin() as unit:
        await unit.password_credentials.change_password(opened.user.id, password_hash())
        await unit.sessions.end_all(opened.user.id, EndReason.REVOKED)
        await unit.commit()


ENDS: Final = [log_out, revoke, disable, change_password]


class Rotations:
    """Rotates one session until it can be rotated no more."""

    def __init__(self, storage: Storage, opened: Opened) -> None:
        """Begin with the session's first token."""
        self._storage = storage
        self.token = opened.token
        self.has_begun = asyncio.Event()

    async def run(self) -> None:
        """Rotate until a rotation fails."""
        for _ in range(PATIENCE):
            if not await self.step():
                return
            self.has_begun.set()
        pytest.fail("rotations go on after the end of their session")

    async def step(self) -> bool:
        """Rotate once, and return whether that succeeded."""
        rotated = await self._storage.sessions.rotate(
            self.token, current=self.token.generation, now=SOON, idle=IDLE
        )
        if rotated is None:
            return False
        self.token = self.token.with_generation(rotated.session.generation)
        return True


class SessionRaceSuite(AsyncSuite):
    """Concurrent changes have the same result as if they were made one after the other."""

    async def test_of_many_rotations_of_one_token_at_once_one_succeeds(
        self, storage: Storage
    ) -> None:
        opened = await opened_session(storage)

        outcomes = await asyncio.gather(
            *(
                storage.sessions.rotate(opened.token, current=0, now=SOON, idle=IDLE)
                for _ in range(AT_ONCE)
            )
        )

        assert len(outcomes) - outcomes.count(None) == 1
        found = await found_session(storage, opened.token)
        assert found.session == opened.after_rotation(SOON)

    async def test_of_a_rotation_and_many_that_make_up_for_a_lost_one_one_succeeds(
        self, storage: Storage
    ) -> None:
        opened = await opened_session(storage)

        outcomes = await asyncio.gather(
            *(
                storage.sessions.rotate(
                    opened.token.with_generation(ahead), current=0, now=SOON, idle=IDLE
                )
                for ahead in (0, 1) * (AT_ONCE // 2)
            )
        )

        won = [outcome for outcome in outcomes if outcome is not None]
        assert len(won) == 1
        assert await found_session(storage, opened.token) == won[0]

    @pytest.mark.requirement("RS-11")
    @pytest.mark.parametrize("end", ENDS)
    async def test_no_rotation_succeeds_after_an_end_was_committed(
        self, storage: Storage, end: End
    ) -> None:
        for _ in range(ROUNDS):
            opened = await opened_session(storage)
            rotations = Rotations(storage, opened)
            running = asyncio.create_task(rotations.run())
            await rotations.has_begun.wait()

            await end(storage, opened)
            at_the_end = await found_session(storage, opened.token)
            await asyncio.wait_for(running, timeout=10)

            assert not await rotations.step()
            assert await found_session(storage, opened.token) == at_the_end
            assert at_the_end.session.generation == rotations.token.generation

    async def test_no_rotation_succeeds_that_begins_after_its_user_was_shut_out(
        self, storage: Storage
    ) -> None:
        for _ in range(ROUNDS):
            opened = await opened_session(storage)
            rotations = Rotations(storage, opened)
            running = asyncio.create_task(rotations.run())
            await rotations.has_begun.wait()

            await shut_out(storage, opened)
            await asyncio.wait_for(running, timeout=10)

            assert not await rotations.step()

    @pytest.mark.parametrize("end", [*ENDS, shut_out])
    async def test_a_rotation_and_an_end_at_once_leave_the_session_over(
        self, storage: Storage, end: End
    ) -> None:
        for _ in range(ROUNDS):
            opened = await opened_session(storage)

            await asyncio.gather(Rotations(storage, opened).step(), end(storage, opened))

            found = await found_session(storage, opened.token)
            assert found.end_reason_at(SOON, IDLE) is not None

    @pytest.mark.parametrize("end", [change_password, disable])
    async def test_a_login_at_once_with_an_end_of_all_leaves_no_session_alive(
        self, storage: Storage, end: End
    ) -> None:
        for _ in range(ROUNDS):
            opened, token = await opened_session(storage), refresh_token()
            session = Session.begin(token, opened.user.id, START)

            is_added, _ended = await asyncio.gather(
                storage.sessions.add(session, password_version=1), end(storage, opened)
            )

            found = await storage.sessions.find(token.session_id)
            assert (found is not None) == is_added
            assert found is None or found.session.end_reason is not None

    @pytest.mark.requirement("LG-14")
    @pytest.mark.parametrize("end", [change_password, disable])
    async def test_a_login_in_a_unit_of_work_at_once_with_an_end_of_all_leaves_none_alive(
        self, storage: Storage, end: End
    ) -> None:
        async def log_in(opened: Opened, session: Session) -> bool:
            async with storage.units.begin() as unit:
                is_added = await unit.sessions.add(session, password_version=1)
                await unit.sessions.replace(opened.user.id, [], keep=9, limit=9)
                await unit.commit()
            return is_added

        for _ in range(ROUNDS):
            opened, token = await opened_session(storage), refresh_token()
            session = Session.begin(token, opened.user.id, START)

            is_added, _ended = await asyncio.gather(log_in(opened, session), end(storage, opened))

            found = await storage.sessions.find(token.session_id)
            assert (found is not None) == is_added
            assert found is None or found.session.end_reason is not None

    async def test_many_logins_and_ends_of_all_at_once_leave_one_order_of_things(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)
        tokens = [refresh_token() for _ in range(AT_ONCE)]

        async def log_in(index: int) -> bool:
            session = Session.begin(tokens[index], user.id, START)
            return await storage.sessions.add(session, password_version=1)

        outcomes = await asyncio.gather(
            *(
                step
                for index in range(AT_ONCE)
                for step in (
                    log_in(index),
                    storage.sessions.end_all(user.id, EndReason.REVOKED),
                )
            )
        )

        ended = [each for outcome in outcomes if isinstance(outcome, tuple) for each in outcome]
        left = await storage.sessions.end_all(user.id, EndReason.REVOKED)
        assert sorted([*ended, *left]) == sorted(token.session_id for token in tokens)
