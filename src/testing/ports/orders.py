"""What a repository of orders promises."""

import asyncio
from datetime import datetime

import pytest

from latchkey.domain.accounts.user import User
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.orders.order import Order, OrderStatus
from latchkey.domain.storage import Storage
from latchkey.testing.factories import OrderFactory
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.lists import BETWEEN, BY_PLACE, INSTANTS, LIMITS, read_all, rows_of
from latchkey.testing.ports.storage import (
    AT_ONCE,
    MICROSECOND,
    SECOND,
    UTC_ONLY,
    added_user,
    offsets,
    out_of_order,
)
from latchkey.testing.ports.suite import AsyncSuite


def _orders_of(user: User, *instants: datetime) -> tuple[Order, ...]:
    return tuple(OrderFactory.build(user_id=user.id, created_at=instant) for instant in instants)


async def _added_orders(storage: Storage, user: User, *instants: datetime) -> tuple[Order, ...]:
    orders = _orders_of(user, *instants)
    await storage.orders.add(*out_of_order(orders))
    return tuple(sorted(orders, key=BY_PLACE, reverse=True))


class OrderRepositorySuite(AsyncSuite):
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
        assert offsets(*(listed.created_at for listed in page.items)) == UTC_ONLY

    @pytest.mark.parametrize("limit", LIMITS)
    async def test_pages_of_orders_skip_and_repeat_none_and_show_nobody_elses(
        self, storage: Storage, limit: int
    ) -> None:
        user, other = await added_user(storage), await added_user(storage)
        await _added_orders(storage, other, *INSTANTS)
        orders = await _added_orders(storage, user, *INSTANTS)

        pages = await read_all(
            lambda after: storage.orders.page_of(user.id, after=after, limit=limit)
        )

        assert rows_of(pages) == orders
        assert {len(page.items) for page in pages[:-1]} <= {limit}
        assert 1 <= len(pages[-1].items) <= limit

    async def test_a_page_of_orders_goes_on_after_its_last_row(self, storage: Storage) -> None:
        user = await added_user(storage)
        orders = await _added_orders(storage, user, *INSTANTS)

        page = await storage.orders.page_of(user.id, after=None, limit=2)

        assert page.next == Position(created_at=orders[1].created_at, id=orders[1].id)

    @pytest.mark.requirement("AZ-3")
    async def test_a_position_in_another_users_list_shows_none_of_theirs(
        self, storage: Storage
    ) -> None:
        user, other = await added_user(storage), await added_user(storage)
        await _added_orders(storage, other, *INSTANTS)
        theirs = await storage.orders.page_of(other.id, after=None, limit=1)

        page = await storage.orders.page_of(user.id, after=theirs.next, limit=100)

        assert page == Page(items=(), next=None)

    async def test_orders_that_come_meanwhile_move_no_page(self, storage: Storage) -> None:
        user = await added_user(storage)
        orders = await _added_orders(storage, user, *INSTANTS)
        first = await storage.orders.page_of(user.id, after=None, limit=3)
        await _added_orders(storage, user, START + 2 * SECOND, START + SECOND + MICROSECOND)

        second = await storage.orders.page_of(user.id, after=first.next, limit=100)

        assert first.items + second.items == orders

    async def test_a_page_begins_anywhere(self, storage: Storage) -> None:
        user = await added_user(storage)
        orders = await _added_orders(storage, user, *INSTANTS)

        page = await storage.orders.page_of(user.id, after=BETWEEN, limit=100)

        assert page.items == tuple(each for each in orders if each.created_at < BETWEEN.created_at)

    async def test_a_hundred_orders_fit_on_a_page(self, storage: Storage) -> None:
        user = await added_user(storage)
        instants = [START + each * SECOND for each in range(101)]
        orders = await _added_orders(storage, user, *instants)

        pages = await read_all(
            lambda after: storage.orders.page_of(user.id, after=after, limit=100)
        )

        assert [page.items for page in pages] == [orders[:100], orders[100:]]

    async def test_orders_added_together_are_never_listed_in_part(self, storage: Storage) -> None:
        user = await added_user(storage)
        batches = [_orders_of(user, *[START] * 5) for _ in range(AT_ONCE)]

        async def count() -> int:
            page = await storage.orders.page_of(user.id, after=None, limit=100)
            return len(page.items)

        counts = await asyncio.gather(
            *(step for batch in batches for step in (count(), storage.orders.add(*batch), count()))
        )

        assert {seen % 5 for seen in counts if seen is not None} == {0}
        assert await count() == 5 * AT_ONCE

    async def test_adding_no_orders_is_fine(self, storage: Storage) -> None:
        user = await added_user(storage)

        await storage.orders.add()

        page = await storage.orders.page_of(user.id, after=None, limit=1)
        assert page.items == ()
