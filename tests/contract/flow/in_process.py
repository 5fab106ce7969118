"""Deployments that live in the tests' own process, on a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from unittest.mock import patch

import httpx
from litestar.types import ASGIApp
from typing_extensions import override

from contract.flow.operators import ContainerOperator, SecretForger
from latchkey.domain.accounts.user import Role
from latchkey.domain.storage import Storage
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.settings import Settings
from latchkey.entrypoints.workers import mail
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Deployment, forgetful_jar
from latchkey.testing.frozen_clock import FrozenClock

ADMIN: Final = Account(email="admin@latchkey.example", password=f"{GOOD_PASSWORD}-admin")
ENVIRON: Final[Mapping[str, str]] = {
    "APP_ENV": "test",
    "JWT_SECRET": "tH3qv0Zk8dRw2Xb7JmYc5NsLf9GpUe4A",
    "REFRESH_SECRET": "Kx7PzW2nQ8rVt5Bj0DhGm4YcLs9FuEa3",
    "FACTOR_SECRET": "f4Rq9ZtB1yXw7LmVn2PjKc6HsD8GuEa5",
    "BCRYPT_ROUNDS": "4",
    "LOGIN_LIMIT_ADDRESS": "off",
    "MAIL_LIMIT_SOURCE": "off",
    "LOGIN_LIMIT_SUCCESSES": "off",
    "SESSIONS_PER_USER": "10000",
}
"""Settings of the tests: hashes are cheap, one address may be many people's, and one
administrator may sign in for each test."""


class InProcessDeployment(Deployment):
    """The application, called without a network in between."""

    def __init__(
        self, app: ASGIApp, settings: Settings, storage: Storage, clock: FrozenClock
    ) -> None:
        self.container = container = Container(settings=settings, storage=storage)
        self._app = app
        self._clock = clock
        self.base_url = "http://latchkey.example"
        self.cookie_name = settings.cookie.name
        self.grace = settings.sessions.grace
        self.clock = clock
        self.operator = ContainerOperator(container)
        self.forger = SecretForger(settings, container.codec())

    @override
    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)  # type: ignore[arg-type]  # Litestar types ASGI more narrowly
        return httpx.AsyncClient(
            transport=transport, base_url=self.base_url, cookies=forgetful_jar()
        )

    @override
    def now(self) -> datetime:
        return self._clock.now()

    @override
    async def outlast(self, period: timedelta) -> None:
        self._clock.move(period)


@asynccontextmanager
async def deployed(
    settings: Settings, storage: Storage, clock: FrozenClock
) -> AsyncIterator[InProcessDeployment]:
    """Run the application with its lifespan, and a sender of mails that nobody waits for."""
    app = create_app(settings, storage)
    with patch.object(mail, "PAUSE", 0.1):
        async with _lifespan(app):
            yield InProcessDeployment(app, settings, storage, clock)


async def make_admin(deployment: InProcessDeployment) -> None:
    """Make the administrator whom tests know."""
    await ContainerOperator(deployment.container).create(ADMIN, Role.ADMIN)
    deployment.admin = ADMIN


@asynccontextmanager
async def _lifespan(app: ASGIApp) -> AsyncIterator[None]:
    """Do a server's part of the lifespan protocol (ASGI 3, lifespan 2.0)."""
    incoming: asyncio.Queue[Any] = asyncio.Queue()
    outgoing: asyncio.Queue[Any] = asyncio.Queue()
    scope: Any = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
    scope["state"] = {}
    running = asyncio.ensure_future(app(scope, incoming.get, outgoing.put))
    await incoming.put({"type": "lifespan.startup"})
    assert (await outgoing.get())["type"] == "lifespan.startup.complete"
    yield
    await incoming.put({"type": "lifespan.shutdown"})
    assert (await outgoing.get())["type"] == "lifespan.shutdown.complete"
    await running
