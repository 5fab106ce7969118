"""How many users a page with a filter costs, and where it ends."""

from datetime import timedelta

import pytest

from latchkey.application.administration.list_users import LOOKED_AT, UserFilter
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.sessions.access_token import Principal
from latchkey.testing.factories import UserFactory, password_hash
from unit.application.service import Service

pytestmark = pytest.mark.anyio

ADMINS = UserFilter(role=Role.ADMIN)
MORE = 5


async def filled(service: Service, count: int) -> Principal:
    """Keep an administrator, and so many users who came later."""
    admin = await service.added_user(role=Role.ADMIN)
    for number in range(1, count + 1):
        at = admin.created_at + timedelta(seconds=number)
        user = UserFactory.build(role=Role.USER, created_at=at)
        await service.storage.users.add(user, password_hash())
    return service.principal_of((await service.logged_in(admin)).tokens)


async def listed(
    service: Service, by: Principal, wanted: UserFilter, after: Position | None, limit: int = 20
) -> Page[User]:
    page: Page[User] = await service.container.list_users()(by, wanted, after=after, limit=limit)
    return page


async def test_a_page_ends_after_so_many_users_and_the_next_goes_on(service: Service) -> None:
    by = await filled(service, LOOKED_AT + MORE)

    first = await listed(service, by, ADMINS, None)
    second = await listed(service, by, ADMINS, first.next)

    assert first.items == ()
    assert first.next is not None
    assert [user.id for user in second.items] == [by.id]
    assert second.next is None


@pytest.mark.parametrize(("limit", "has_next"), [(MORE - 1, True), (MORE, False)])
async def test_there_is_a_next_page_only_if_more_users_match(
    service: Service, limit: int, *, has_next: bool
) -> None:
    by = await filled(service, MORE)

    page = await listed(service, by, UserFilter(role=Role.USER), None, limit)

    assert len(page.items) == limit
    assert (page.next is not None) is has_next
