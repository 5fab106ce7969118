"""The routes of the sample resource, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.orders.controller import OrderController


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[OrderController],
        dependencies=provide_all(list_orders=container.list_orders()),
    )
