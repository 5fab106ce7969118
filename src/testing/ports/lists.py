"""What lists promise that are read a page at a time: of users, and of a user's orders."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from operator import attrgetter
from typing import Final, TypeVar

import pytest

from latchkey.domain.accounts.user import User
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.orders.order import Order, OrderStatus
from latchkey.domain.storage import Storage
from latchkey.testing.factories import OrderFactory, UserFactory, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import MICROSECOND, SECOND, added_user

Row = TypeVar("Row")

# three rows share an instant, two are neighbours by the smallest step of time there is
INSTANTS: Final = (
    START + SECOND,
    START,
    START + MICROSECOND,
    START + SECOND,
    START - MICROSECOND,
    START + SECOND,
    START - SECOND,
)
BY_PLACE: Final = attrgetter("created_at", "id")


async def read_all(read: Callable[[Position | None], Awaitable[Page[Row]]]) -> list[Page[Row]]:
    """Read pages until the last."""
    pages = [await read(None)]
    while pages[-1].next is not None:
        assert len(pages) < 100, "the pages never come to an end"
        pages.append(await read(pages[-1].next))
    return pages


def rows_of(pages: list[Page[Row]]) -> tuple[Row, ...]:
    """Join the rows of pages."""
    return tuple(row for page in pages for row in page.items)


async def _added_users(storage: Storage, *instants: datetime) -> tuple[User, ...]:
    users = [UserFactory.build(created_at=instant) for instant in instants]
    for user in users:
        await storage.users.add(user, password_hash())
    return tuple(sorted(users, key=BY_PLACE, reverse=True))


def _orders_of(user: User, *instants: datetime) -> tuple[Order, ...]:
    orders = [OrderFactory.build(user_id=user.id, created_at=instant) for instant in instants]
    return tuple(sorted(orders, key=BY_PLACE, reverse=True))


@pytest.mark.anyio
class UserListSuite:
    """Users are listed."""

    async def test_no_users_are_one_empty_page(self, storage: Storage) -> None:
        page = await storage.users.page(after=None, limit=1)

        assert page == Page(items=(), next=None)

    @pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 100])
    async def test_pages_of_users_skip_and_repeat_nobody(
        self, storage: Storage, limit: int
    ) -> None:
        users = await _added_users(storage, *INSTANTS)

        pages = await read_all(lambda after: storage.users.page(after=after, limit=limit))

        assert rows_of(pages) == users
        assert {len(page.items) for page in pages[:-1]} <= {limit}
        assert 1 <= len(pages[-1].items) <= limit

    async def test_a_page_of_users_goes_on_after_its_last_row(self, storage: Storage) -> None:
        users = await _added_users(storage, *INSTANTS)

        page = await storage.users.page(after=None, limit=2)

        assert page.next == Position(created_at=users[1].created_at, id=users[1].id)

    async def test_users_who_come_meanwhile_move_no_page(self, storage: Storage) -> None:
        users = await _added_users(storage, *INSTANTS)
        first = await storage.users.page(after=None, limit=3)
        await _added_users(storage, START + 2 * SECOND, START + SECOND + MICROSECOND)

        second = await storage.users.page(after=first.next, limit=100)

        assert first.items + second.items == users

    async def test_disabled_users_are_listed(self, storage: Storage) -> None:
        user = await added_user(storage)
        await storage.users.disable(user.id, START)

        page = await storage.users.page(after=None, limit=1)

        assert [listed.disabled_at for listed in page.items] == [START]


@pytest.mark.anyio
class OrderRepositorySuite:
    """All that a repository of orders promises. Asks for the fixture `storage`."""

    async def test_a_user_without_orders_has_one_empty_page(self, storage: Storage) -> None:
        user = await added_user(storage)

        page = await storage.orders.page_of(user.id, after=None, limit=1)

        assert page == Page(items=(), next=None)

    @pytest.mark.parametrize("status", OrderStatus)
    async def test_an_order_is_listed_as_it_was_added(
        self, storage: Storage, status: OrderStatus
    ) -> None:
        user = await added_user(storage)
        order = OrderFactory.build(user_id=user.id, status=status, total_cents=3_000_000_000)

        await storage.orders.add(order)

        page = await storage.orders.page_of(user.id, after=None, limit=1)
        assert page == Page(items=(order,), next=None)

    @pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 100])
    async def test_pages_of_orders_skip_and_repeat_none_and_show_nobody_elses(
        self, storage: Storage, limit: int
    ) -> None:
        user, other = await added_user(storage), await added_user(storage)
        orders = _orders_of(user, *INSTANTS)
        await storage.orders.add(*orders, *_orders_of(other, *INSTANTS))

        pages = await read_all(
            lambda after: storage.orders.page_of(user.id, after=after, limit=limit)
        )

        assert rows_of(pages) == orders
        assert {len(page.items) for page in pages[:-1]} <= {limit}
        assert 1 <= len(pages[-1].items) <= limit

    async def test_a_page_of_orders_goes_on_after_its_last_row(self, storage: Storage) -> None:
        user = await added_user(storage)
        orders = _orders_of(user, *INSTANTS)
        await storage.orders.add(*orders)

        page = await storage.orders.page_of(user.id, after=None, limit=2)

        assert page.next == Position(created_at=orders[1].created_at, id=orders[1].id)

    @pytest.mark.requirement("AZ-3")
    async def test_a_position_in_another_users_list_shows_none_of_theirs(
        self, storage: Storage
    ) -> None:
        user, other = await added_user(storage), await added_user(storage)
        await storage.orders.add(*_orders_of(other, *INSTANTS))
        theirs = await storage.orders.page_of(other.id, after=None, limit=1)

        page = await storage.orders.page_of(user.id, after=theirs.next, limit=100)

        assert page == Page(items=(), next=None)

    async def test_orders_that_come_meanwhile_move_no_page(self, storage: Storage) -> None:
        user = await added_user(storage)
        orders = _orders_of(user, *INSTANTS)
        await storage.orders.add(*orders)
        first = await storage.orders.page_of(user.id, after=None, limit=3)
        await storage.orders.add(*_orders_of(user, START + 2 * SECOND))

        second = await storage.orders.page_of(user.id, after=first.next, limit=100)

        assert first.items + second.items == orders

    async def test_adding_no_orders_is_fine(self, storage: Storage) -> None:
        user = await added_user(storage)

        await storage.orders.add()

        page = await storage.orders.page_of(user.id, after=None, limit=1)
        assert page.items == ()
