"""The routes of new passwords, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.passwords.controller import PasswordController
from latchkey.entrypoints.http.passwords.of_users import UserPasswordController


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[PasswordController, UserPasswordController],
        dependencies=provide_all(
            request_reset=container.request_reset(),
            reset_password=container.reset_password(),
            change_password=container.change_password(),
            send_reset=container.send_reset(),
        ),
    )
