"""The routes of a user's own account, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.accounts.controller import AccountController
from latchkey.entrypoints.http.dependencies import provide_all


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[AccountController],
        dependencies=provide_all(current_user=container.current_user()),
    )
