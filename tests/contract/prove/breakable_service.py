"""Our own application on the memory adapters, with a promise broken on demand."""

import os
from collections.abc import Callable
from typing import Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from contract.flow.in_process import ENVIRON
from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.system.clock import SystemClock
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.settings import from_env
from latchkey.testing.flow.issuers import issuing

Headers = list[tuple[bytes, bytes]]
Alter = Callable[[str, int, Headers], Headers]

BREAKS: Final = "BREAKS"
"""The environment variable that names the broken promise: R11, K2, J4 or none."""
ISSUER: Final = "ISSUER"
"""The environment variable with the address of a service that publishes keys."""
_SETTINGS: Final = {**ENVIRON, "REFRESH_COOKIE_NAME": "session_key"}  # no test may assume the name
_CLEARED: Final = (b"set-cookie", b"session_key=; Max-Age=0; Path=/api/auth")


def create() -> ASGIApp:
    """Create the application that the environment asks for."""
    issuer = os.environ.get(ISSUER)
    settings = from_env({**_SETTINGS, **(issuing(issuer) if issuer else {})})
    app = create_app(settings, MemoryStorage(SystemClock()))
    alter = _ALTERATIONS.get(os.environ[BREAKS])
    return _altered(app, alter) if alter else app


def _altered(app: ASGIApp, alter: Alter) -> ASGIApp:
    async def altered(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_altered(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = alter(scope["path"], message["status"], [*message["headers"]])
            await send(message)

        await app(scope, receive, send_altered)

    return altered


def _clear_the_cookie(path: str, status: int, headers: Headers) -> Headers:
    return [*headers, _CLEARED] if path == "/api/auth/refresh" and status >= 400 else headers


def _drop_the_request_id(_path: str, _status: int, headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() != b"x-request-id"]


def _forbid_to_keep_keys(path: str, _status: int, headers: Headers) -> Headers:
    if not path.startswith("/.well-known/"):
        return headers
    kept = [header for header in headers if header[0] != b"cache-control"]
    return [*kept, (b"cache-control", b"no-store")]


_ALTERATIONS: Final = {
    "R11": _clear_the_cookie,
    "K2": _drop_the_request_id,
    "J4": _forbid_to_keep_keys,
}
