"""Lists of users and orders that skip, repeat, mix up or show too much."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from operator import attrgetter
from typing import Any, Final

from latchkey.adapters.memory.accounts.users import MemoryUserRepository
from latchkey.adapters.memory.orders.orders import MemoryOrderRepository
from latchkey.domain.accounts.user import Role
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.orders.order import Order
from latchkey.testing.ports import OrderRepositorySuite, UserRepositorySuite
from unit.testing.broken.fault import Fault

Rows = list[Any]
PLACE: Final = attrgetter("created_at", "id")


def _newest_first(rows: Rows) -> Rows:
    return sorted(rows, key=PLACE, reverse=True)


def _is_older(row: Any, after: Position) -> bool:
    return bool(PLACE(row) < (after.created_at, after.id))


def _after_the_last(rows: Rows, left: int, _: int) -> Position | None:
    return Position(created_at=rows[-1].created_at, id=rows[-1].id) if left else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How a page is made: rightly, but for what is given."""

    sort: Callable[[Rows], Rows] = _newest_first
    is_left: Callable[[Any, Position], bool] = _is_older
    size: Callable[[int], int] = int
    following: Callable[[Rows, int, int], Position | None] = _after_the_last
    row: Callable[[Any], Any] = lambda row: row

    def page(self, rows: Iterable[Any], after: Position | None, limit: int) -> Page[Any]:
        left = [row for row in self.sort(list(rows)) if not after or self.is_left(row, after)]
        items = left[: self.size(limit)]
        following = self.following(items, len(left) - len(items), limit) if items else None
        return Page(items=tuple(self.row(row) for row in items), next=following)


def _always_goes_on(rows: Rows, left: int, limit: int) -> Position | None:
    return _after_the_last(rows, left or len(rows) == limit, limit)


def _an_hour_later(row: Any) -> Any:
    hour = timedelta(hours=1)
    zone = type(row.created_at.tzinfo)(hour)
    return replace(row, created_at=row.created_at.astimezone(zone))


LISTINGS: Final = {
    "AreNotSorted": Listing(sort=list),
    "AreSortedByInsertion": Listing(sort=lambda rows: rows[::-1]),
    "AreSortedOldestFirst": Listing(
        sort=lambda rows: sorted(rows, key=PLACE),
        is_left=lambda row, after: not _is_older(row, after),
    ),
    "AreSortedByIdAlone": Listing(
        sort=lambda rows: sorted(rows, key=attrgetter("id"), reverse=True)
    ),
    "AreSortedByInstantAlone": Listing(
        sort=lambda rows: sorted(rows, key=attrgetter("created_at"), reverse=True)
    ),
    "TiesAreSortedByInsertion": Listing(
        sort=lambda rows: sorted(rows, key=attrgetter("created_at"))[::-1]
    ),
    "TiesAreSortedUpwards": Listing(
        sort=lambda rows: sorted(
            sorted(rows, key=attrgetter("id")), key=attrgetter("created_at"), reverse=True
        )
    ),
    "IgnoreThePosition": Listing(is_left=lambda _row, _after: True),
    "RepeatTheRowOfThePosition": Listing(
        is_left=lambda row, after: PLACE(row) <= (after.created_at, after.id)
    ),
    "SkipTheRestOfAnInstant": Listing(is_left=lambda row, after: row.created_at < after.created_at),
    "RepeatAnInstant": Listing(is_left=lambda row, after: row.created_at <= after.created_at),
    "AreCutToMilliseconds": Listing(
        sort=lambda rows: sorted(
            rows, key=lambda row: (int(row.created_at.timestamp() * 1000), row.id), reverse=True
        )
    ),
    "HaveOneTooMany": Listing(size=lambda limit: limit + 1),
    "HaveOneTooFew": Listing(size=lambda limit: max(1, limit - 1)),
    "HaveNoLimit": Listing(size=lambda _: 1000),
    "HaveFiftyAtMost": Listing(size=lambda limit: min(50, limit)),
    "EndAfterOnePage": Listing(following=lambda _rows, _left, _limit: None),
    "GoOnAfterTheEnd": Listing(following=_always_goes_on),
    "GoOnAfterTheFirstRow": Listing(
        following=lambda rows, left, limit: _after_the_last(rows[:1], left, limit)
    ),
    "AreOfAnotherTimeZone": Listing(row=_an_hour_later),
}


def _users(listing: Listing) -> Callable[..., Any]:
    async def page(self: Any, *, after: Position | None, limit: int) -> Page[Any]:
        tables = await self._access.read()
        return listing.page((each.user for each in tables.accounts.rows()), after, limit)

    return page


def _orders(listing: Listing, *, is_own: bool = True) -> Callable[..., Any]:
    async def page_of(self: Any, user_id: Any, *, after: Position | None, limit: int) -> Page[Any]:
        tables = await self._access.read()
        rows = (row for row in tables.orders.rows() if row.user_id == user_id or not is_own)
        return listing.page(rows, after, limit)

    return page_of


async def _page_of_enabled(self: Any, *, after: Position | None, limit: int) -> Page[Any]:
    tables = await self._access.read()
    users = (each.user for each in tables.accounts.rows() if not each.user.is_disabled)
    return Listing().page(users, after, limit)


async def _page_of_plain_users(self: Any, *, after: Position | None, limit: int) -> Page[Any]:
    tables = await self._access.read()
    users = (each.user for each in tables.accounts.rows() if each.user.role is Role.USER)
    return Listing().page(users, after, limit)


async def _add_one_by_one(self: Any, *orders: Order) -> None:
    for order in orders:
        async with self._access.change() as tables:
            tables.orders.put(order.id, order)
        await asyncio.sleep(0)


async def _add_but_the_last(self: Any, *orders: Order) -> None:
    async with self._access.change() as tables:
        for order in orders[:-1] or orders:
            tables.orders.put(order.id, order)


def faults() -> Iterator[Fault]:
    """Break a list in each way there is."""
    users = (UserRepositorySuite, MemoryUserRepository, "page|listed")
    orders = (OrderRepositorySuite, MemoryOrderRepository, "page|listed")
    for name, listing in LISTINGS.items():
        yield Fault.of(f"Users{name}", *users, page=_users(listing))
        yield Fault.of(f"Orders{name}", *orders, page_of=_orders(listing))
    yield Fault.of("UsersLackTheDisabled", *users, page=_page_of_enabled)
    yield Fault.of("UsersLackAdministrators", *users, page=_page_of_plain_users)
    yield Fault.of("OrdersAreThoseOfAll", *orders, page_of=_orders(Listing(), is_own=False))
    yield Fault.of("OrdersAreAddedOneByOne", *orders, add=_add_one_by_one)
    yield Fault.of("OrdersAreAddedButTheLast", *orders, add=_add_but_the_last)
