"""Orders in memory."""

from typing_extensions import override

from latchkey.adapters.memory.page import page
from latchkey.adapters.memory.tables import Access
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.orders.order import Order, OrderRepository


class MemoryOrderRepository(OrderRepository):
    """Sorts all orders of a user for each page."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def page_of(self, user_id: UserId, *, after: Position | None, limit: int) -> Page[Order]:
        tables = await self._access.read()
        own = (order for order in tables.orders.rows() if order.user_id == user_id)
        return page(own, after=after, limit=limit)

    @override
    async def add(self, *orders: Order) -> None:
        async with self._access.change() as tables:
            for order in orders:
                tables.orders.put(order.id, order)
