"""Who waits for whom in PostgreSQL, and what they find when their turn comes."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Final

import asyncpg
import pytest

from contract.adapters.postgres_probes import waiting
from latchkey.adapters.postgres import PostgresStorage
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import Session
from latchkey.testing.factories import UserFactory, password_hash, refresh_token
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import (
    IDLE,
    ROUNDS,
    SECOND,
    Opened,
    added_user,
    found_session,
    opened_session,
)

pytestmark = pytest.mark.anyio

End = Callable[[PostgresStorage, User, list[RefreshToken]], Coroutine[None, None, None]]

PER_USER: Final = 3
SOON: Final = START + SECOND


def session_of(user: User) -> Session:
    """Begin a session that is not kept yet."""
    return Session.begin(refresh_token(), user.id, START)


async def log_in(storage: PostgresStorage, user: User) -> Session | None:
    """Open a session and end the oldest ones, together."""
    session = session_of(user)
    async with storage.units.begin() as unit:
        is_added = await unit.sessions.add(session, password_version=1)
        await unit.sessions.replace(user.id, [], keep=PER_USER, limit=9)
        await unit.commit()
    return session if is_added else None


async def change_password(storage: PostgresStorage, user: User) -> None:
    """Change a password and end all sessions, together."""
    async with storage.units.begin() as unit:
        await unit.password_credentials.change_password(user.id, password_hash())
        await unit.sessions.end_all(user.id, EndReason.REVOKED)
        await unit.commit()


@pytest.mark.parametrize("is_committed", [False, True])
async def test_a_login_waits_for_a_change_of_the_password_and_goes_by_its_outcome(
    postgres: PostgresStorage, observer: asyncpg.Connection, *, is_committed: bool
) -> None:
    user = await added_user(postgres)
    async with postgres.units.begin() as unit:
        await unit.password_credentials.change_password(user.id, password_hash())
        adding = await waiting(
            observer, postgres.sessions.add(session_of(user), password_version=1)
        )
        if is_committed:
            await unit.commit()

    assert await adding is not is_committed


@pytest.mark.parametrize("is_committed", [False, True])
async def test_a_login_waits_for_a_disable_and_goes_by_its_outcome(
    postgres: PostgresStorage, observer: asyncpg.Connection, *, is_committed: bool
) -> None:
    user = await added_user(postgres)
    async with postgres.units.begin() as unit:
        await unit.users.disable(user.id, START)
        adding = await waiting(
            observer, postgres.sessions.add(session_of(user), password_version=1)
        )
        if is_committed:
            await unit.commit()

    assert await adding is not is_committed


async def test_a_change_of_the_password_waits_for_a_login_and_ends_its_session(
    postgres: PostgresStorage, observer: asyncpg.Connection
) -> None:
    user, token = await added_user(postgres), refresh_token()
    async with postgres.units.begin() as unit:
        await unit.sessions.add(Session.begin(token, user.id, START), password_version=1)
        changing = await waiting(observer, change_password(postgres, user))
        await unit.commit()
    await changing

    assert (await found_session(postgres, token)).session.end_reason is EndReason.REVOKED


@pytest.mark.parametrize("is_committed", [False, True])
async def test_a_rotation_waits_for_the_end_of_its_session_and_goes_by_the_outcome(
    postgres: PostgresStorage, observer: asyncpg.Connection, *, is_committed: bool
) -> None:
    opened = await opened_session(postgres)
    async with postgres.units.begin() as unit:
        await unit.sessions.end(opened.token, EndReason.LOGGED_OUT)
        rotating = await waiting(
            observer, postgres.sessions.rotate(opened.token, current=0, now=SOON, idle=IDLE)
        )
        if is_committed:
            await unit.commit()

    assert ((await rotating) is None) is is_committed


async def test_the_end_of_all_sessions_waits_for_a_rotation_and_ends_it_too(
    postgres: PostgresStorage, observer: asyncpg.Connection
) -> None:
    opened = await opened_session(postgres)
    async with postgres.units.begin() as unit:
        await unit.sessions.rotate(opened.token, current=0, now=START, idle=IDLE)
        ending = await waiting(
            observer, postgres.sessions.end_all(opened.user.id, EndReason.REVOKED)
        )
        await unit.commit()

    assert await ending == (opened.session.id,)
    found = await found_session(postgres, opened.token)
    assert (found.session.generation, found.session.end_reason) == (1, EndReason.REVOKED)


async def replace_all(storage: PostgresStorage, user: User, presented: list[RefreshToken]) -> None:
    """Replace all sessions of a user but one, and those of some tokens."""
    await storage.sessions.replace(user.id, presented, keep=1, limit=9)


async def end_all(storage: PostgresStorage, user: User, _: list[RefreshToken]) -> None:
    """End all sessions of a user."""
    await storage.sessions.end_all(user.id, EndReason.REVOKED)


@pytest.mark.parametrize("end", [replace_all, end_all])
async def test_several_sessions_that_end_are_locked_from_the_oldest_on(
    postgres: PostgresStorage, observer: asyncpg.Connection, end: End
) -> None:
    user = await added_user(postgres)
    other = await opened_session(postgres, now=START + 5 * SECOND)
    ages = [await opened_session(postgres, user, now=START + age * SECOND) for age in range(3)]
    await observer.execute("BEGIN")
    await observer.execute("SELECT FROM sessions WHERE id = $1 FOR UPDATE", ages[0].session.id)
    ending = await waiting(observer, end(postgres, user, [other.token]))

    free = await observer.fetch("SELECT FROM sessions FOR UPDATE SKIP LOCKED")

    await observer.execute("ROLLBACK")
    await ending
    assert len(free) == len(ages) + 1


async def test_logins_that_carry_each_others_cookies_never_wait_for_each_other_for_good(
    postgres: PostgresStorage,
) -> None:
    one, other = [await opened_session(postgres) for _ in range(2)]

    async def log_in_again(mine: Opened, carried: Opened, turn: asyncio.Barrier) -> None:
        async with postgres.units.begin() as unit:
            await unit.sessions.add(session_of(mine.user), password_version=1)
            await turn.wait()
            await unit.sessions.replace(mine.user.id, [carried.token], keep=1, limit=9)
            await unit.commit()

    for _ in range(ROUNDS):
        turn = asyncio.Barrier(2)
        await asyncio.gather(log_in_again(one, other, turn), log_in_again(other, one, turn))
        one, other = [await opened_session(postgres, each.user) for each in (one, other)]


@pytest.mark.requirement("RS-14")
async def test_of_many_logins_at_once_no_more_sessions_live_than_a_user_may_have(
    postgres: PostgresStorage,
) -> None:
    user = await added_user(postgres)

    opened = await asyncio.gather(*(log_in(postgres, user) for _ in range(12)))

    found = [await postgres.sessions.find(session.id) for session in opened if session]
    assert len(found) == 12
    assert sum(each is not None and each.session.end_reason is None for each in found) == PER_USER


async def test_logins_and_ends_of_one_user_at_once_never_wait_for_each_other_for_good(
    postgres: PostgresStorage,
) -> None:
    user = await added_user(postgres)
    for _ in range(8):
        await opened_session(postgres, user)

    await asyncio.gather(
        *(log_in(postgres, user) for _ in range(15)),
        *(postgres.sessions.end_all(user.id, EndReason.REVOKED) for _ in range(15)),
        *(change_password(postgres, user) for _ in range(15)),
    )


async def test_a_bootstrap_waits_for_another_one_and_loses_only_if_that_is_committed(
    postgres: PostgresStorage, observer: asyncpg.Connection
) -> None:
    first, second = UserFactory.build(role=Role.ADMIN), UserFactory.build(role=Role.ADMIN)
    async with postgres.units.begin() as unit:
        await unit.users.add_first_admin(first, password_hash())
        adding = await waiting(observer, postgres.users.add_first_admin(second, password_hash()))
    await adding

    assert await postgres.users.by_email(first.email) is None
    assert await postgres.users.by_email(second.email) == second


async def test_a_deadlock_is_a_failure_of_the_storage_for_one_of_two(
    postgres: PostgresStorage, observer: asyncpg.Connection
) -> None:
    one, other = await added_user(postgres), await added_user(postgres)
    async with postgres.units.begin() as first, postgres.units.begin() as second:
        await first.users.enable(one.id)
        await second.users.enable(other.id)
        crossing = await waiting(observer, first.users.enable(other.id))

        outcomes = await asyncio.gather(
            crossing, second.users.enable(one.id), return_exceptions=True
        )

    assert sorted(map(repr, map(type, outcomes))) == sorted(
        map(repr, (User, StorageUnavailableError))
    )
