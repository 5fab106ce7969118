"""A deployment that is already running. Only its address is known."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import httpx
from typing_extensions import override

from latchkey.testing.flow.deployments import Account, Deployment, forgetful_jar
from latchkey.testing.flow.kinds import NOTHING, Kind
from latchkey.testing.flow.post_office import ClientWithMails, PostOffice

TIMEOUT: Final = 30.0  # s

Listener = Callable[[httpx.Response], Awaitable[None]]


class ElsewhereDeployment(Deployment):
    """A deployment that is reached over the network; its clock cannot be moved.

    Attributes:
        post_office: Where its mails arrive, or None if only its own mailbox shows them.
    """

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.post_office: PostOffice | None = None
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call `listener` with every response from now on."""
        self._listeners.append(listener)

    @override
    def client(self) -> httpx.AsyncClient:
        options: dict[str, Any] = {
            "base_url": self.base_url,
            "cookies": forgetful_jar(),
            "timeout": TIMEOUT,
            "verify": _authorities(),
            "event_hooks": {"response": self._listeners},
        }
        if self.post_office is None:
            return httpx.AsyncClient(**options)
        return ClientWithMails(self.post_office, **options)

    @override
    def now(self) -> datetime:
        return datetime.now(UTC)

    @override
    async def outlast(self, period: timedelta) -> None:
        await asyncio.sleep(period.total_seconds())


class Elsewhere(Kind):
    """The only deployment of a run. The suite did not start it and cannot restart it."""

    can_deploy = False

    def __init__(self, deployment: ElsewhereDeployment) -> None:
        self._deployment = deployment

    @override
    @asynccontextmanager
    async def deploy(
        self, environ: Mapping[str, str] = NOTHING, *, has_admin: bool = True
    ) -> AsyncIterator[Deployment]:
        yield self._deployment


async def become_admin(deployment: Deployment, account: Account) -> bool:
    """Create the first administrator by bootstrap; return whether that was possible."""
    async with deployment.client() as http:
        body = account.credentials | {"name": account.name}
        response = await http.post("/api/auth/bootstrap", json=body)
    return response.status_code == httpx.codes.CREATED


@cache
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context()
