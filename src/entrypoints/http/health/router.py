"""The routes of the health checks, with the storage that they check."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.health.controller import HealthController


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[HealthController],
        dependencies=provide_all(storage=container.storage()),
    )
