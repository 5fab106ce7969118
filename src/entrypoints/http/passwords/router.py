"""The routes of new passwords, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.passwords.controller import PasswordController


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[PasswordController],
        dependencies=provide_all(
            request_reset=container.request_reset(),
            reset_password=container.reset_password(),
            change_password=container.change_password(),
        ),
    )
