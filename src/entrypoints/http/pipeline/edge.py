"""The outermost layer: checks and headers for every request and response."""

import asyncio
import re
import secrets
from collections.abc import Iterator
from time import perf_counter
from typing import Final

from litestar.exceptions import MethodNotAllowedException
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from latchkey.entrypoints.http.pipeline.body import has_body, limited
from latchkey.entrypoints.http.pipeline.client import ClientInfo, Proxies, is_http, trace_of
from latchkey.entrypoints.http.pipeline.cors import OriginPolicy
from latchkey.entrypoints.http.pipeline.head import attach, check_head, fold
from latchkey.entrypoints.http.problems.errors import HostNotAllowedError, HttpsRequiredError
from latchkey.entrypoints.http.problems.responses import problem_response
from latchkey.entrypoints.http.responses import Headers, send_whole
from latchkey.entrypoints.observability.correlation import CLIENT
from latchkey.entrypoints.observability.request_log import RequestLog
from latchkey.entrypoints.settings import Settings

_GONE: Final = 499  # logged when the client disconnects before the response, as nginx does
_ID_BYTES: Final = 16
_IDS_AT_ONCE: Final = 256
_PORT: Final = re.compile(r":[0-9]+$")
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_ALWAYS: Final[Headers] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_API: Final[Headers] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


class Edge:
    """Checks requests, adds headers to responses, logs both, and turns errors into problems."""

    def __init__(self, app: ASGIApp, settings: Settings, log: RequestLog) -> None:
        self._app = app
        self._origins = OriginPolicy(settings.server.allowed_origins)
        self._proxies = Proxies(settings.server.trusted_proxies, log.proxy_is_silent)
        self._hosts = settings.server.accepted_hosts
        self._needs_https = settings.is_production
        hsts = (b"strict-transport-security", settings.server.hsts.encode())
        self._always = (*_ALWAYS, hsts) if settings.is_production else _ALWAYS
        self._on_api = (*self._always, *_API)
        self._log = log
        self._request_ids = _random_ids()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request (ASGI 3)."""
        if is_http(scope):
            await self._respond(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _respond(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        began = perf_counter()
        headers, size = fold(scope["headers"])
        client = self._identify(scope, headers)
        token = CLIENT.set(client)
        attach(headers, scope)
        sender = ResponseSender(send, scope["method"], self._headers_of(scope, headers, client))
        try:
            check_head(scope, size)
            await self._handle(scope, receive, sender, headers, client)
        except asyncio.CancelledError:  # only a disconnected client cancels a request
            sender.status = _GONE
        except Exception as error:  # noqa: BLE001 - every error becomes a problem
            response = problem_response(error)
            self._log.failed(scope, client, response, error)
            if not sender.has_started:
                await response.send(sender, client.request_id)
        self._log.completed(scope, client, sender.status, perf_counter() - began)
        CLIENT.reset(token)

    def _identify(self, scope: HTTPScope, headers: dict[bytes, bytes]) -> ClientInfo:
        given = headers.get(b"x-request-id")
        kept = given.decode() if given and _REQUEST_ID.fullmatch(given) else None
        address, scheme = self._proxies.client_of(scope, headers)
        parent = headers.get(b"traceparent")
        trace = trace_of(parent) if parent else None
        client = ClientInfo(
            request_id=kept or next(self._request_ids),
            address=address,
            scheme=scheme,
            host=headers.get(b"host", b"").decode("latin-1").lower(),
            trace_id=trace[0] if trace else "",
        )
        client.attach(scope)
        return client

    async def _handle(
        self,
        scope: HTTPScope,
        receive: Receive,
        send: "ResponseSender",
        headers: dict[bytes, bytes],
        client: ClientInfo,
    ) -> None:
        if not scope["path"].startswith("/health/"):
            self._check_host(client)
            self._check_scheme(client)
        preflight = self._origins.preflight(scope["method"], headers)
        if preflight is not None:
            await send_whole(send, 204, preflight)
            return
        if has_body(headers):
            receive = await limited(receive, headers)
        if scope["method"] == "OPTIONS":
            await self._send_methods(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
        await self._app(scope, receive, send)

    async def _send_methods(
        self, scope: HTTPScope, receive: Receive, send: "ResponseSender"
    ) -> None:
        """Respond to OPTIONS: route it as TRACE, which no route has, and return `Allow`."""
        try:
            await self._app({**scope, "method": "TRACE"}, receive, send)
        except MethodNotAllowedException as error:
            await send_whole(send, 204, problem_response(error).headers)

    def _check_host(self, client: ClientInfo) -> None:
        if not self._hosts or client.host in self._hosts:
            return
        if _PORT.sub("", client.host) not in self._hosts:
            raise HostNotAllowedError

    def _check_scheme(self, client: ClientInfo) -> None:
        if self._needs_https and client.scheme != "https":
            raise HttpsRequiredError

    def _headers_of(
        self, scope: HTTPScope, headers: dict[bytes, bytes], client: ClientInfo
    ) -> Headers:
        fixed = self._on_api if scope["path"].startswith("/api") else self._always
        return (
            (b"x-request-id", client.request_id.encode()),
            *fixed,
            *self._origins.headers_for(headers.get(b"origin")),
        )


def _random_ids() -> Iterator[str]:
    """Generate identifiers of 32 hexadecimal digits, in batches: each batch is one system call."""
    while True:
        drawn = secrets.token_hex(_ID_BYTES * _IDS_AT_ONCE)
        for start in range(0, len(drawn), 2 * _ID_BYTES):
            yield drawn[start : start + 2 * _ID_BYTES]


class ResponseSender:
    """An ASGI `send` that adds headers, and removes the body from responses to HEAD.

    Attributes:
        status: The status that was sent, or 0 before that.
    """

    def __init__(self, send: Send, method: str, headers: Headers) -> None:
        self._send = send
        self._is_head = method == "HEAD"
        self._headers = headers
        self.status = 0

    @property
    def has_started(self) -> bool:
        """Whether a part of the response was sent."""
        return self.status != 0

    async def __call__(self, message: Message) -> None:
        """Send a part of the response (ASGI)."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], *self._headers]
        elif self._is_head and message["type"] == "http.response.body":
            message["body"] = b""
        await self._send(message)
