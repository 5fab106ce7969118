"""List a user's own orders (docs/flow.md, E1)."""

from dataclasses import dataclass

from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.orders.order import Order, OrderRepository
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOrders:
    """List the orders of the principal only."""

    orders: OrderRepository

    async def __call__(
        self, principal: Principal, *, after: Position | None, limit: int
    ) -> Page[Order]:
        """List orders, newest first."""
        return await self.orders.page_of(principal.id, after=after, limit=limit)
