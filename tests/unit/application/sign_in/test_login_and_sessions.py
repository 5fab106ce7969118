"""What a login means for other sessions, and for whoever changes the account at the same time."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from typing_extensions import override

from latchkey.application.sign_in.open_session import MOST_ENDED
from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.accounts.errors import InvalidCredentialsError
from latchkey.domain.accounts.password import Password, PasswordHash
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.testing.factories import SOURCE
from latchkey.testing.fakes import FastPasswordHasher
from latchkey.testing.ports.storage import found_session, opened_session
from unit.application.service import NEW, PASSWORD, POLICY, Service

pytestmark = pytest.mark.anyio

Change = Callable[[Service, User], Awaitable[object]]

SECOND: Final = timedelta(seconds=1)


class InterruptedPasswordHasher(FastPasswordHasher):
    """Takes so long to verify that something else happens meanwhile."""

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    @override
    async def verify(
        self, password: Password, expected: PasswordHash | None, clients: Sequence[str] = ()
    ) -> bool:
        is_right = await super().verify(password, expected, clients)
        await self._meanwhile()
        return is_right


async def change_password(service: Service, user: User) -> None:
    await service.set_password(user, NEW, SOURCE)


async def disable(service: Service, user: User) -> None:
    await service.changed(user, disabled=True)


async def sessions_left(service: Service, user: User) -> int:
    ended = await service.storage.sessions.end_all(user.id, EndReason.REVOKED)
    return len(ended)


async def test_the_end_of_a_replaced_session_is_noted(service: Service) -> None:
    user = await service.added_user()
    old = await service.logged_in(user)

    await service.logged_in(user, replaces=(old.tokens.refresh,))

    (event,) = await service.events(AuditAction.SESSION_ENDED)
    assert event.user_id == user.id
    assert event.session_id == service.decoded(old.tokens.refresh).session_id
    assert event.detail == {"reason": "replaced"}


async def test_a_session_of_somebody_else_is_replaced_in_their_name(service: Service) -> None:
    theirs = await service.logged_in()

    mine = await service.logged_in(replaces=(theirs.tokens.refresh,))

    (event,) = await service.events(AuditAction.SESSION_ENDED)
    assert event.user_id == theirs.user.id != mine.user.id


async def test_a_session_is_replaced_by_a_token_of_any_generation(service: Service) -> None:
    user = await service.added_user()
    old = await service.logged_in(user)
    await service.refreshed(old.tokens.refresh)
    service.clock.move(timedelta(hours=1))

    await service.logged_in(user, replaces=(old.tokens.refresh,))

    found = await service.session_of(old.tokens.refresh)
    assert found.session.end_reason is EndReason.REPLACED


async def test_a_session_that_has_ended_is_not_replaced(service: Service) -> None:
    user = await service.added_user()
    old = await service.logged_in(user)
    await service.logged_out(old.tokens.refresh)

    await service.logged_in(user, replaces=(old.tokens.refresh,))

    found = await service.session_of(old.tokens.refresh)
    assert found.session.end_reason is EndReason.LOGGED_OUT
    assert len(await service.events(AuditAction.SESSION_ENDED)) == 1


async def test_a_failed_login_replaces_nothing(service: Service) -> None:
    user = await service.added_user()
    other = await service.logged_in()
    hasher = InterruptedPasswordHasher(lambda: change_password(service, user))
    login = replace(service.login, hasher=hasher)

    with pytest.raises(InvalidCredentialsError):
        await login(
            PasswordLoginCommand(
                email=user.email.text,
                password=PASSWORD,
                replaces=(other.tokens.refresh,),
                source=SOURCE,
            )
        )

    assert (await service.session_of(other.tokens.refresh)).session.end_reason is None


async def test_one_session_too_many_ends_the_idlest(service: Service) -> None:
    user = await service.added_user()
    tokens = []
    for _ in range(POLICY.per_user):
        service.clock.move(SECOND)
        tokens.append((await service.logged_in(user)).tokens.refresh)
    service.clock.move(SECOND)
    await service.refreshed(tokens[0])

    tokens.append((await service.logged_in(user)).tokens.refresh)

    reasons = [(await service.session_of(token)).session.end_reason for token in tokens]
    (event,) = await service.events(AuditAction.SESSION_ENDED)
    assert reasons == [None, EndReason.REPLACED, None, None]
    assert event.session_id == service.decoded(tokens[1]).session_id


async def test_after_the_limit_was_lowered_each_login_ends_some_sessions(service: Service) -> None:
    user = await service.added_user()
    count = POLICY.per_user + 2 * MOST_ENDED
    opened = [(await opened_session(service.storage, user)).token for _ in range(count)]

    alive = []
    for _ in range(3):
        service.clock.move(SECOND)
        await service.logged_in(user)
        sessions = [(await found_session(service.storage, token)).session for token in opened]
        alive.append([session.end_reason for session in sessions].count(None))

    assert alive == [count - MOST_ENDED, count - 2 * MOST_ENDED, 0]


@pytest.mark.parametrize("change", [change_password, disable])
async def test_a_login_that_is_verifying_when_the_account_changes_leaves_no_session(
    service: Service, change: Change
) -> None:
    user = await service.added_user()
    service.hasher = InterruptedPasswordHasher(lambda: change(service, user))

    with pytest.raises(InvalidCredentialsError):
        await service.logged_in(user)

    (failure,) = await service.events(AuditAction.LOGIN_FAILED)
    assert failure.user_id == user.id
    assert await service.events(AuditAction.LOGIN_SUCCEEDED) == ()
    assert await sessions_left(service, user) == 0
