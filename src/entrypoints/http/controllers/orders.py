"""The caller's own orders."""

from litestar import Controller, get
from litestar.di import NamedDependency

from application.list_orders import ListOrders
from entrypoints.http import cursors
from entrypoints.http.documented import problems
from entrypoints.http.pages import CursorParameter, Limit
from entrypoints.http.requests import SignedIn
from entrypoints.http.schemas import OrderBody, OrderPage


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
