"""The routes of the health checks, and what they depend on."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.health.controller import HealthController


def router(container: Container) -> Router:
    """Build the routes."""
    return Router(
        "/",
        route_handlers=[HealthController],
        dependencies=provide_all(storage=container.storage()),
    )
