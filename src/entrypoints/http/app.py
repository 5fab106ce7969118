"""Put the HTTP edge together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from typing import Any, NoReturn

from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ASGIApp

from entrypoints.container import Adapters, Container
from entrypoints.housekeeping import keep_house
from entrypoints.http import openapi
from entrypoints.http.authentication import BearerAuthentication
from entrypoints.http.bodies import require_json
from entrypoints.http.controllers.auth import AuthController
from entrypoints.http.controllers.docs import DocsController
from entrypoints.http.controllers.health import HealthController
from entrypoints.http.controllers.orders import OrderController
from entrypoints.http.controllers.problems import ProblemController
from entrypoints.http.controllers.users import UserController
from entrypoints.http.cookies import RefreshCookie
from entrypoints.http.edge import Edge
from entrypoints.http.origins import OriginPolicy
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


def create_app(settings: Settings, adapters: Adapters) -> ASGIApp:
    """Make the service as an ASGI application; its lifespan opens and closes the adapters.

    Args:
        settings: What is set.
        adapters: The technologies behind the ports: PostgreSQL's, memory's, or a team's own.
    """
    origins = OriginPolicy(settings.server.allowed_origins)
    return Edge(create_litestar(settings, adapters, origins), settings, origins)


def create_litestar(settings: Settings, adapters: Adapters, origins: OriginPolicy) -> Litestar:
    """Make the routes. Reads every provider, so that a missing one fails here."""
    container = Container(settings=settings, adapters=adapters)
    cookie = RefreshCookie(name=settings.cookie_name, is_secure=settings.cookie_is_secure)
    parts = {name: getattr(container, name)() for name in USE_CASES}
    parts |= {"cookie": cookie, "adapters": adapters}
    controllers = [
        AuthController,
        OrderController,
        UserController,
        HealthController,
        ProblemController,
    ]
    if settings.server.shows_docs:
        controllers.append(DocsController)
    return Litestar(
        route_handlers=controllers,
        middleware=[BearerAuthentication(container.authenticate())],
        before_request=require_json,
        dependencies={name: _provide(part) for name, part in parts.items()},
        exception_handlers={Exception: _leave_to_the_edge},
        lifespan=[_lifespan(container, adapters)],
        openapi_config=openapi.config(version("latchkey"), settings.cookie_name),
        state=State({"origins": origins}),
        logging_config=None,
    )


def _provide(part: object) -> Provide:
    def give() -> object:
        return part

    return Provide(give, use_cache=True, sync_to_thread=False)


def _leave_to_the_edge(_: Request[Any, Any, Any], error: Exception) -> NoReturn:
    raise error


def _lifespan(
    container: Container, adapters: Adapters
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await adapters.open()
        housekeeper = asyncio.create_task(keep_house(container.prune()))
        try:
            yield
        finally:
            housekeeper.cancel()
            container.hasher().close()
            await adapters.close()

    return lifespan
