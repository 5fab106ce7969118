"""A service beside Latchkey that only checks its access tokens: what a customer has spent."""

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from domain.spending import spent
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.orders.order import OrderRepository
from latchkey.domain.sessions.access_token import TokenService
from latchkey.domain.sessions.errors import AccessTokenInvalidError

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """A plain ASGI application."""

    tokens: TokenService
    orders: OrderRepository
    clock: Clock

    async def __call__(self, scope: Mapping[str, Any], _: Receive, send: Send) -> None:
        """Answer any request with the sums of its user, or 401 without a valid token."""
        authorization = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        try:
            principal = self.tokens.verify(authorization.removeprefix("Bearer "), self.clock.now())
        except AccessTokenInvalidError:
            await _respond(send, 401, {"code": "access_token_invalid"})
            return
        page = await self.orders.page_of(principal.id, after=None, limit=100)
        await _respond(send, 200, spent(page.items))


async def _respond(send: Send, status: int, body: Mapping[str, object]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
