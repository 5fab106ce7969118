"""The orders of the signed-in user."""

from litestar import Controller, get
from litestar.di import NamedDependency

from latchkey.application.orders.list_orders import ListOrders
from latchkey.domain.kernel.errors import InvalidInputError, StorageUnavailableError
from latchkey.domain.sessions.errors import AccessTokenInvalidError, AccessTokenMissingError
from latchkey.entrypoints.http.orders.schemas import OrderBody, OrderPage
from latchkey.entrypoints.http.pagination import (
    CursorParameter,
    Limit,
    check_limit,
    read_cursor,
    write_cursor,
)
from latchkey.entrypoints.http.problems.declared import problems
from latchkey.entrypoints.http.requests import SignedIn


class OrderController(Controller):
    """The routes of the signed-in user's orders."""

    path = "/api/orders"
    tags = ("Orders",)

    @get(
        summary="List your orders",
        responses=problems(
            InvalidInputError,
            AccessTokenMissingError,
            AccessTokenInvalidError,
            StorageUnavailableError,
        ),
    )
    async def list_orders(
        self,
        request: SignedIn,
        list_orders: NamedDependency[ListOrders],
        limit: Limit = 20,
        cursor: CursorParameter = None,
    ) -> OrderPage:
        """List the orders of the signed-in user, newest first."""
        check_limit(request.scope["query_string"])
        page = await list_orders(request.user, after=read_cursor(cursor), limit=limit)
        return OrderPage(
            items=[OrderBody.of(order) for order in page.items],
            next_cursor=write_cursor(page.next),
        )
