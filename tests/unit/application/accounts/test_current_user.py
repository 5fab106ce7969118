"""Who is signed in: as the access token tells, and as the storage knows it now."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from latchkey.application.sign_in.open_session import LoggedIn
from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.domain.sessions.session_id import SessionId
from latchkey.testing.factories import SOURCE
from unit.application.service import NEW, POLICY, Service

pytestmark = pytest.mark.anyio

Event = Callable[[Service, LoggedIn], Awaitable[object]]


async def log_out(service: Service, logged_in: LoggedIn) -> None:
    await service.logged_out(logged_in.tokens.refresh)


async def disable(service: Service, logged_in: LoggedIn) -> None:
    await service.changed(logged_in.user, disabled=True)


async def shut_out(service: Service, logged_in: LoggedIn) -> None:
    await service.storage.users.disable(logged_in.user.id, service.clock.now())


async def demote(service: Service, logged_in: LoggedIn) -> None:
    await service.changed(logged_in.user, role=Role.USER)


async def change_password(service: Service, logged_in: LoggedIn) -> None:
    await service.set_password(logged_in.user, NEW, SOURCE)


async def be_idle(service: Service, _logged_in: LoggedIn) -> None:
    service.clock.move(POLICY.idle)


async def prune(service: Service, _logged_in: LoggedIn) -> None:
    await service.storage.sessions.prune(service.clock.now() + timedelta(days=1), limit=9)


EVENTS = [log_out, disable, shut_out, demote, change_password, be_idle, prune]


async def admin(service: Service) -> LoggedIn:
    """Log in an administrator who is not the last one."""
    await service.added_user(role=Role.ADMIN)
    return await service.logged_in(await service.added_user(role=Role.ADMIN))


async def test_a_principal_whose_session_lives_is_its_user(service: Service) -> None:
    logged_in = await admin(service)
    principal = service.principal_of(logged_in.tokens)

    assert await service.current_user(principal) == logged_in.user


async def test_a_principal_stays_its_user_after_a_refresh(service: Service) -> None:
    logged_in = await admin(service)
    principal = service.principal_of(logged_in.tokens)

    await service.refreshed(logged_in.tokens.refresh)

    assert await service.current_user(principal) == logged_in.user


@pytest.mark.parametrize("happens", EVENTS)
async def test_a_principal_is_refused_at_once_when_its_token_is_no_longer_true(
    service: Service, happens: Event
) -> None:
    logged_in = await admin(service)
    principal = service.principal_of(logged_in.tokens)

    await happens(service, logged_in)

    with pytest.raises(AccessTokenInvalidError):
        await service.current_user(principal)


@pytest.mark.parametrize(
    "change",
    [{"id": UserId(uuid4())}, {"session_id": SessionId(uuid4())}, {"role": Role.USER}],
)
async def test_a_principal_of_which_anything_is_untrue_is_refused(
    service: Service, change: dict[str, UserId | SessionId | Role]
) -> None:
    principal = service.principal_of((await admin(service)).tokens)

    with pytest.raises(AccessTokenInvalidError):
        await service.current_user(replace(principal, **change))  # type: ignore[arg-type] # one field each
