"""The routes of sessions and their tokens, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.sessions.controller import SessionController
from latchkey.entrypoints.http.sessions.of_users import UserSessionController
from latchkey.entrypoints.http.sessions.tokens import TokenController


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[SessionController, TokenController, UserSessionController],
        dependencies=provide_all(
            password_login=container.password_login(),
            refresh=container.refresh(),
            logout=container.logout(),
            list_sessions=container.list_sessions(),
            end_sessions=container.end_sessions(),
            exchange_token=container.exchange_token(),
            list_user_sessions=container.list_user_sessions(),
            end_user_sessions=container.end_user_sessions(),
        ),
    )
