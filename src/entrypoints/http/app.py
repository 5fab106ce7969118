"""Put the HTTP edge together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from typing import Any, NoReturn

import structlog
from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ASGIApp

from entrypoints.container import Adapters, Container
from entrypoints.housekeeping import keep_house
from entrypoints.http import openapi
from entrypoints.http.answers import Json
from entrypoints.http.authentication import Authentication
from entrypoints.http.bodies import require_json
from entrypoints.http.controllers.auth import AuthController
from entrypoints.http.controllers.docs import DocsController
from entrypoints.http.controllers.health import HealthController
from entrypoints.http.controllers.orders import OrderController
from entrypoints.http.controllers.problems import ProblemController
from entrypoints.http.controllers.users import UserController
from entrypoints.http.cookies import RefreshCookie
from entrypoints.http.edge import Edge
from entrypoints.http.frontend import Frontend
from entrypoints.http.origins import OriginPolicy
from entrypoints.http.own_pages import OwnPages
from entrypoints.http.refusing import Refusing
from entrypoints.http.request_log import RequestLog
from entrypoints.http.site import Site
from entrypoints.settings import Settings

USE_CASES = (
    "login",
    "refresh",
    "logout",
    "current_user",
    "bootstrap",
    "list_orders",
    "list_users",
    "create_user",
)
CONTROLLERS = (
    AuthController,
    OrderController,
    UserController,
    HealthController,
    ProblemController,
)


def create_app(settings: Settings, adapters: Adapters) -> ASGIApp:
    """Make the service as an ASGI application; its lifespan opens and closes the adapters.

    Args:
        settings: What is set.
        adapters: The technologies behind the ports: PostgreSQL's, memory's, or a team's own.

    Raises:
        OSError: The front end's directory can't be read.
    """
    log = RequestLog(structlog.get_logger("latchkey.http"))
    app: ASGIApp = create_litestar(settings, adapters, log)
    if settings.server.frontend is not None:
        app = Site(Frontend(settings.server.frontend), app)
    return Edge(app, settings, log)


def create_litestar(settings: Settings, adapters: Adapters, log: RequestLog) -> Litestar:
    """Make the routes. Reads every provider, so that a missing one fails here."""
    container = Container(settings=settings, adapters=adapters)
    cookie = RefreshCookie(name=settings.cookie_name, is_secure=settings.cookie_is_secure)
    docs = [DocsController] if settings.server.shows_docs else []
    return Litestar(
        route_handlers=[*CONTROLLERS, *docs],
        middleware=[
            Refusing(log),
            OwnPages(OriginPolicy(settings.server.allowed_origins)),
            Authentication(container.authenticate(), container.authenticate_session(), cookie),
        ],
        before_request=require_json,
        dependencies=_dependencies(container),
        response_class=Json,
        exception_handlers={Exception: _leave_to_the_edge},
        lifespan=[_lifespan(container)],
        openapi_config=openapi.config(version("latchkey"), settings.cookie_name),
        state=State({"cookie": cookie}),
        logging_config=None,
    )


def _dependencies(container: Container) -> dict[str, Provide]:
    parts = {name: getattr(container, name)() for name in (*USE_CASES, "adapters")}
    return {name: _provide(part) for name, part in parts.items()}


def _provide(part: object) -> Provide:
    def give() -> object:
        return part

    return Provide(give, use_cache=True, sync_to_thread=False)


def _leave_to_the_edge(_: Request[Any, Any, Any], error: Exception) -> NoReturn:
    raise error


def _lifespan(container: Container) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        adapters = container.adapters()
        await adapters.open()
        housekeeper = asyncio.create_task(keep_house(container.prune()))
        try:
            yield
        finally:
            housekeeper.cancel()
            await asyncio.wait({housekeeper})
            container.hasher().close()
            await adapters.close()

    return lifespan
