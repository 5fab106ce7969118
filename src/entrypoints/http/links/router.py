"""The routes of links, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.links.controller import LinkController


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[LinkController],
        dependencies=provide_all(read_link=container.read_link()),
    )
