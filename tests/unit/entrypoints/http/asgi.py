"""A client that speaks ASGI to an application, with as little around it as can be."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from litestar.types import ASGIApp

ENVIRON = {
    "APP_ENV": "test",
    "BCRYPT_ROUNDS": "4",
    "JWT_SECRET": "d2f1c0a98b7e6d5c4b3a29180f1e2d3c4b5a69788796a5b4",
    "LOG_LEVEL": "error",
}
Headers = list[tuple[bytes, bytes]]
Answer = tuple[int, dict[bytes, bytes], bytes]


@contextmanager
def quiet_logs() -> Iterator[None]:
    """Log errors only, as fast as production does."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


class Client:
    """Speaks ASGI to an application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app: Any = app

    async def __call__(
        self, method: str, path: str, headers: Headers, body: bytes = b"", query: bytes = b""
    ) -> Answer:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = _scope(method, path, headers, body) | {"query_string": query}
        await self._app(scope, receive, send)
        # of two headers with a name, the first one
        return sent[0]["status"], dict(sent[0]["headers"][::-1]), sent[1]["body"]


def _scope(method: str, path: str, headers: Headers, body: bytes) -> dict[str, Any]:
    framing = [
        (b"host", b"localhost"),
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [*(framing if body else framing[:1]), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
