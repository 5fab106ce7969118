"""Builds the ASGI application."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from typing import Any, NoReturn

import structlog
from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.types import ASGIApp

from latchkey.application.observability.observed_storage import observe
from latchkey.domain.storage import Storage
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.accounts import router as accounts
from latchkey.entrypoints.http.administration import router as administration
from latchkey.entrypoints.http.audit import router as audit
from latchkey.entrypoints.http.docs.controller import DocsController
from latchkey.entrypoints.http.factors import router as factors
from latchkey.entrypoints.http.health import router as health
from latchkey.entrypoints.http.keys import router as keys
from latchkey.entrypoints.http.links import router as links
from latchkey.entrypoints.http.mail import router as mail
from latchkey.entrypoints.http.openapi.document import config
from latchkey.entrypoints.http.orders import router as orders
from latchkey.entrypoints.http.own_account import router as own_account
from latchkey.entrypoints.http.passwords import router as passwords
from latchkey.entrypoints.http.pipeline.authentication import Authentication
from latchkey.entrypoints.http.pipeline.body import StrictRequest, require_json
from latchkey.entrypoints.http.pipeline.cors import OriginPolicy
from latchkey.entrypoints.http.pipeline.csrf import CsrfProtection
from latchkey.entrypoints.http.pipeline.edge import Edge
from latchkey.entrypoints.http.pipeline.errors import ProblemMiddleware
from latchkey.entrypoints.http.pipeline.token_cookie import Cookies
from latchkey.entrypoints.http.problems.controller import ProblemController
from latchkey.entrypoints.http.registration import router as registration
from latchkey.entrypoints.http.responses import Json
from latchkey.entrypoints.http.sessions import router as sessions
from latchkey.entrypoints.http.static.frontend import Frontend
from latchkey.entrypoints.http.static.site import Site
from latchkey.entrypoints.observability.metrics.meter import Meter
from latchkey.entrypoints.observability.request_log import RequestLog
from latchkey.entrypoints.settings import Settings
from latchkey.entrypoints.workers.housekeeping import flush_periodically, prune_periodically
from latchkey.entrypoints.workers.mail import send_until_cancelled
from latchkey.entrypoints.workers.metrics import show_periodically

ROUTERS = (
    sessions.router,
    accounts.router,
    own_account.router,
    links.router,
    passwords.router,
    factors.router,
    registration.router,
    administration.router,
    audit.router,
    mail.router,
    orders.router,
    health.router,
    keys.router,
)


def create_app(settings: Settings, storage: Storage, meter: Meter | None = None) -> ASGIApp:
    """Build the service as an ASGI application. Its lifespan opens and closes the storage.

    Args:
        settings: The settings of the service.
        storage: PostgreSQL, memory, or another implementation.
        meter: Counts what the service does; None for nothing.

    Raises:
        OSError: The directory of the front end cannot be read.
    """
    if meter is None:
        return create_app_of(Container(settings=settings, storage=storage))
    observe(storage, meter)
    return create_app_of(Container(settings=settings, storage=storage, observer=meter), meter)


def create_app_of(container: Container, meter: Meter | None = None) -> ASGIApp:
    """Build the service from a container, in which parts may have been replaced."""
    settings = container.settings()
    log = RequestLog(structlog.get_logger("latchkey.http"), meter)
    app: ASGIApp = create_litestar(container, log)
    if settings.server.frontend is not None:
        app = Site(Frontend(settings.server.frontend), app)
    return Edge(app, settings, log)


def create_litestar(container: Container, log: RequestLog) -> Litestar:
    """Build the routes with their middleware and use cases."""
    settings, storage = container.settings(), container.storage()
    cookies = Cookies.of(settings.cookie.name, is_secure=settings.cookie.is_secure)
    docs = [DocsController] if settings.server.shows_docs else []
    mailbox = [mail.mailbox_router(container)] if settings.has_mailbox else []
    return Litestar(
        route_handlers=[
            *(router(container) for router in ROUTERS),
            ProblemController,
            *docs,
            *mailbox,
        ],
        middleware=[
            ProblemMiddleware(log),
            CsrfProtection(OriginPolicy(settings.server.allowed_origins)),
            Authentication(container.tokens(), container.codec(), storage.clock, cookies.refresh),
        ],
        before_request=require_json,
        request_class=StrictRequest,
        response_class=Json,
        exception_handlers={Exception: _reraise},
        lifespan=[_lifespan(container, log)],
        openapi_config=config(version("latchkey"), settings.cookie.name),
        state=State({"cookies": cookies}),
        logging_config=None,
    )


def _reraise(_: Request[Any, Any, Any], error: Exception) -> NoReturn:
    raise error


def _lifespan(
    container: Container, log: RequestLog
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        storage = container.storage()
        await storage.open()
        workers = {
            asyncio.create_task(prune_periodically(container.prune())),
            asyncio.create_task(flush_periodically(log.refusals)),
        }
        if container.settings().has_mail:
            workers.add(asyncio.create_task(send_until_cancelled(container.send_mails())))
        if log.meter is not None:
            showing = show_periodically(log.meter, storage, container.hasher())
            workers.add(asyncio.create_task(showing))
        try:
            yield
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.wait(workers)
            log.refusals.flush()
            container.hasher().close()
            await storage.close()

    return lifespan
