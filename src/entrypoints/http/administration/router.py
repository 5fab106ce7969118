"""The routes of bootstrap and of user administration, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.administration.bootstrap import BootstrapController
from latchkey.entrypoints.http.administration.users import UserController
from latchkey.entrypoints.http.dependencies import provide_all


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[BootstrapController, UserController],
        dependencies=provide_all(
            bootstrap=container.bootstrap(),
            list_users=container.list_users(),
            create_user=container.create_user(),
        ),
    )
