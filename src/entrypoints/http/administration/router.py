"""The routes of bootstrap and of user administration, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.administration.bootstrap import BootstrapController
from latchkey.entrypoints.http.administration.user import ManagedUserController
from latchkey.entrypoints.http.administration.users import UserController
from latchkey.entrypoints.http.dependencies import provide_all


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[BootstrapController, UserController, ManagedUserController],
        dependencies=provide_all(
            bootstrap=container.bootstrap(),
            list_users=container.list_users(),
            create_user=container.create_user(),
            search_users=container.search_users(),
            show_user=container.show_user(),
            change_user=container.change_user(),
        ),
    )
