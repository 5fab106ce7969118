"""The caller's own orders."""

from litestar import Controller, get
from litestar.di import NamedDependency

from latchkey.application.orders.list_orders import ListOrders
from latchkey.entrypoints.http import cursors
from latchkey.entrypoints.http.openapi.problems import problems
from latchkey.entrypoints.http.orders.schemas import OrderBody, OrderPage
from latchkey.entrypoints.http.pagination import CursorParameter, Limit
from latchkey.entrypoints.http.requests import SignedIn


class OrderController(Controller):
    """Orders."""

    path = "/api/orders"
    tags = ("Orders",)

    @get(
        summary="List your orders",
        responses=problems(
            "invalid_request", "access_token_missing", "access_token_invalid", "storage_unavailable"
        ),
    )
    async def list_orders(
        self,
        request: SignedIn,
        list_orders: NamedDependency[ListOrders],
        limit: Limit = 20,
        cursor: CursorParameter = None,
    ) -> OrderPage:
        """Show the caller's own orders, newest first, and nobody else's."""
        page = await list_orders(request.user, after=cursors.read(cursor), limit=limit)
        return OrderPage(
            items=[OrderBody.of(order) for order in page.items],
            next_cursor=cursors.write(page.next),
        )
