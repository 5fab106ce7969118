"""The routes of the own account, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.own_account.controller import OwnAccountController


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[OwnAccountController],
        dependencies=provide_all(
            read_account=container.read_account(),
            request_email_change=container.request_email_change(),
            cancel_email_change=container.cancel_email_change(),
            change_email=container.change_email(),
            change_name=container.change_name(),
            delete_account=container.delete_account(),
        ),
    )
