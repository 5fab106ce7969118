"""Who is signed in: as the access token tells, and as the storage knows it now."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from latchkey.application.administration.list_users import ListUsers
from latchkey.application.orders.list_orders import ListOrders
from latchkey.application.sign_in.open_session import LoggedIn
from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.kernel.page import Page
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.domain.sessions.session_id import SessionId
from latchkey.testing.factories import SOURCE, OrderFactory, PrincipalFactory
from unit.application.service import NEW, POLICY, Service

pytestmark = pytest.mark.anyio

Event = Callable[[Service, LoggedIn], Awaitable[object]]


async def log_out(service: Service, logged_in: LoggedIn) -> None:
    await service.logged_out(logged_in.tokens.refresh)


async def disable(service: Service, logged_in: LoggedIn) -> None:
    await service.disable_user(logged_in.user.id, SOURCE)


async def shut_out(service: Service, logged_in: LoggedIn) -> None:
    await service.storage.users.disable(logged_in.user.id, service.clock.now())


async def demote(service: Service, logged_in: LoggedIn) -> None:
    await service.set_role(logged_in.user.id, Role.USER, SOURCE)


async def change_password(service: Service, logged_in: LoggedIn) -> None:
    await service.set_password(logged_in.user, NEW, SOURCE)


async def be_idle(service: Service, _logged_in: LoggedIn) -> None:
    service.clock.move(POLICY.idle)


async def prune(service: Service, _logged_in: LoggedIn) -> None:
    await service.storage.sessions.prune(service.clock.now() + timedelta(days=1), limit=9)


EVENTS = [log_out, disable, shut_out, demote, change_password, be_idle, prune]


async def admin(service: Service) -> LoggedIn:
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


async def test_a_demoted_user_is_a_user_again_with_the_next_token(service: Service) -> None:
    logged_in = await admin(service)
    await demote(service, logged_in)

    pair = await service.refreshed(logged_in.tokens.refresh)

    found = await service.current_user(service.principal_of(pair))
    assert found == replace(logged_in.user, role=Role.USER)


async def test_users_are_listed_to_an_administrator_page_by_page(service: Service) -> None:
    logged_in = await admin(service)
    user = await service.added_user()
    list_users = ListUsers(current_user=service.current_user, users=service.storage.users)
    principal = service.principal_of(logged_in.tokens)

    first = await list_users(principal, after=None, limit=1)
    second = await list_users(principal, after=first.next, limit=1)

    assert {*first.items, *second.items} == {logged_in.user, user}
    assert second.next is None


@pytest.mark.parametrize("happens", EVENTS)
async def test_users_are_not_listed_to_whoever_was_an_administrator(
    service: Service, happens: Event
) -> None:
    logged_in = await admin(service)
    list_users = ListUsers(current_user=service.current_user, users=service.storage.users)
    principal = service.principal_of(logged_in.tokens)

    await happens(service, logged_in)

    with pytest.raises(AccessTokenInvalidError):
        await list_users(principal, after=None, limit=1)


async def test_a_user_sees_their_own_orders_and_nobody_elses(service: Service) -> None:
    mine, theirs = PrincipalFactory.build(), PrincipalFactory.build()
    order = OrderFactory.build(user_id=mine.id)
    await service.storage.orders.add(order, OrderFactory.build(user_id=theirs.id))
    list_orders = ListOrders(orders=service.storage.orders)

    page = await list_orders(mine, after=None, limit=100)

    assert page == Page(items=(order,), next=None)
