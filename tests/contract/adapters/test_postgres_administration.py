"""An operator shuts a user out, however long the end of the user's sessions takes."""

from datetime import timedelta

import asyncpg
import pytest

from contract.adapters.postgres_probes import waiting
from latchkey.adapters.postgres import PostgresStorage
from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.administration.change_user import ChangeUser, ChangeUserCommand
from latchkey.application.administration.end_sessions import BATCH
from latchkey.application.administration.set_password import SetPassword
from latchkey.application.mail.notices import Notices
from latchkey.domain.accounts.errors import LastAdminError
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import SessionPolicy
from latchkey.testing.fakes import FastPasswordHasher, WordList
from latchkey.testing.frozen_clock import START, FrozenClock
from latchkey.testing.ports.storage import IDLE, SECOND, added_user, found_session, opened_session

pytestmark = pytest.mark.anyio

NOTICES = Notices(is_on=True, language="en", lifetime=timedelta(days=1))


def _change_user(storage: PostgresStorage, clock: FrozenClock) -> ChangeUser:
    policy = SessionPolicy(idle=IDLE, absolute=IDLE, grace=SECOND, per_user=9)
    return ChangeUser(
        current_user=CurrentUser(sessions=storage.sessions, clock=clock, policy=policy),
        units=storage.units,
        notices=NOTICES,
        clock=clock,
    )


def _disabling(user: User) -> ChangeUserCommand:
    return ChangeUserCommand(by=None, user_id=user.id, disabled=True, source=RequestSource())


COPIES = """
    INSERT INTO sessions
    SELECT gen_random_uuid(), user_id, generation, rotated_at, previously_rotated_at, expires_at,
           secret_hash, end_reason
      FROM sessions, generate_series(1, $2) WHERE id = $1
"""


async def test_a_user_is_disabled_before_the_sessions_have_ended(
    postgres: PostgresStorage, observer: asyncpg.Connection, clock: FrozenClock
) -> None:
    opened = await opened_session(postgres)
    await observer.execute("BEGIN")
    await observer.execute("SELECT FROM sessions WHERE id = $1 FOR UPDATE", opened.session.id)
    disabling = await waiting(observer, _change_user(postgres, clock)(_disabling(opened.user)))

    found = await postgres.users.by_email(opened.user.email)
    await observer.execute("ROLLBACK")
    await disabling

    assert found is not None
    assert found.is_disabled
    ended = (await found_session(postgres, opened.token)).session
    assert ended.end_reason is EndReason.USER_DISABLED


async def test_a_password_is_set_before_the_sessions_have_ended(
    postgres: PostgresStorage, observer: asyncpg.Connection, clock: FrozenClock
) -> None:
    opened = await opened_session(postgres)
    set_password = SetPassword(
        blocklist=WordList(),
        hasher=FastPasswordHasher(),
        units=postgres.units,
        notices=NOTICES,
        clock=clock,
    )
    await observer.execute("BEGIN")
    await observer.execute("SELECT FROM sessions WHERE id = $1 FOR UPDATE", opened.session.id)
    setting = await waiting(
        observer, set_password(opened.user, Password("violet-kettle-harbour"), RequestSource())
    )

    found = await postgres.password_credentials.by_email(opened.user.email)
    await observer.execute("ROLLBACK")
    await setting

    assert found is not None
    assert found.password_version == 2
    ended = (await found_session(postgres, opened.token)).session
    assert ended.end_reason is EndReason.REVOKED


async def test_more_sessions_than_one_transaction_ends_end_too(
    postgres: PostgresStorage, observer: asyncpg.Connection, clock: FrozenClock
) -> None:
    user = await added_user(postgres)
    first = await opened_session(postgres, user, now=START - SECOND)
    await observer.execute(COPIES, first.session.id, BATCH)

    await _change_user(postgres, clock)(_disabling(user))

    alive = await observer.fetchval("SELECT count(*) FROM sessions WHERE end_reason IS NULL")
    noted = await observer.fetchval(
        "SELECT count(*) FROM audit_events WHERE action = 'session_ended'"
    )
    assert (alive, noted) == (0, BATCH + 1)


@pytest.mark.requirement("BA-6")
async def test_administrators_who_change_each_other_wait_and_never_deadlock(
    postgres: PostgresStorage, observer: asyncpg.Connection
) -> None:
    admin, other = [await added_user(postgres, role=Role.ADMIN) for _ in range(2)]
    async with postgres.units.begin() as unit:
        await unit.users.lock_administration()
        await unit.users.lock(admin.id)
        rival = await waiting(observer, postgres.users.set_role(admin.id, Role.USER))
        await unit.users.disable(other.id, START)
        await unit.commit()

    with pytest.raises(LastAdminError):
        await rival
