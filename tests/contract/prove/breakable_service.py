"""Our own application on the memory adapters, with a promise broken on demand."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from contract.flow.in_process import ENVIRON
from latchkey.adapters.keys import PrivateKey
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.system.clock import SystemClock
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.http.pipeline.client import is_http
from latchkey.entrypoints.settings import from_env
from latchkey.testing.flow.issuers import LATER, issuing, key_file, new_key
from latchkey.testing.flow.published_keys import JWKS

Headers = list[tuple[bytes, bytes]]
Alter = Callable[[str, int, Headers], Headers]

BREAKS: Final = "BREAKS"
"""The environment variable that names the broken promise: R11, K2, J4, J5, J6 or none."""
ISSUER: Final = "ISSUER"
"""The environment variable with the address of a service that publishes keys."""
ROTATES: Final = "ROTATES"
"""The environment variable that asks for a rotation of keys, if it is set and not empty."""
MAIL_PORT: Final = "MAIL_PORT"
"""The environment variable with the port of a mail server, if there is one."""
_TAKES_OVER: Final = timedelta(seconds=4)  # after the first refresh
_SETTINGS: Final = {**ENVIRON, "REFRESH_COOKIE_NAME": "session_key"}  # no test may assume the name
_REFRESH: Final = "/api/auth/refresh"
_CLEARED: Final = (b"set-cookie", b"session_key=; Max-Age=0; Path=/api/auth")


def create() -> ASGIApp:
    """Create the application that the environment asks for."""
    issuer = os.environ.get(ISSUER)
    if issuer and os.environ.get(ROTATES):
        rotating = _Rotating(issuer, breaks := os.environ[BREAKS])
        return _altered(rotating, _keeping_the_tag()) if breaks == "J6" else rotating
    environ = {**(issuing(issuer) if issuer else {}), **_mailing(os.environ.get(MAIL_PORT))}
    app = _app(environ, MemoryStorage(SystemClock()))
    alter = _ALTERATIONS.get(os.environ[BREAKS])
    return _altered(app, alter) if alter else app


def _app(environ: Mapping[str, str], storage: MemoryStorage) -> ASGIApp:
    return create_app(from_env({**_SETTINGS, **environ}), storage)


def _mailing(port: str | None) -> dict[str, str]:
    if not port:
        return {}
    return {
        "SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
        "MAIL_FROM": "no-reply@latchkey.example",
        "MAIL_CONTACT": "help@latchkey.example",
    }


class _Rotating:
    """A service whose key changes soon after somebody has refreshed a session.

    The next key was not announced (J5), or the former one is withdrawn at once (J6).
    """

    def __init__(self, issuer: str, breaks: str) -> None:
        lifetime = "15s" if breaks == "J6" else "3s"  # tokens outlive a look on a busy machine
        self._common = {"JWT_ISSUER": issuer, "JWT_ACCESS_TTL": lifetime}
        self._clock = SystemClock()
        self._storage = MemoryStorage(self._clock)
        self._old, self._new, self._third = new_key(), new_key(), new_key()
        self._breaks = breaks
        announced = [] if breaks == "J5" else [(self._new, LATER)]
        self._before = self._after = self._with((self._old, ALWAYS), *announced)
        self._takes_over: datetime | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        now = self._clock.now()
        if is_http(scope) and scope["path"] == _REFRESH and self._takes_over is None:
            self._begin(now + _TAKES_OVER)
        is_over = self._takes_over is not None and now >= self._takes_over
        app = self._after if is_over and is_http(scope) else self._before
        await app(scope, receive, send)

    def _begin(self, takes_over: datetime) -> None:
        """Let the new key sign soon, and announce a third, so that the list changes at once."""
        self._takes_over = takes_over
        old, new, third = (self._old, ALWAYS), (self._new, takes_over), (self._third, LATER)
        self._before = self._with(old, *([] if self._breaks == "J5" else [new]), third)
        self._after = self._with(*([] if self._breaks == "J6" else [old]), new, third)

    def _with(self, *keys: tuple[PrivateKey, datetime]) -> ASGIApp:
        return _app({**self._common, "JWT_KEYS": key_file(*keys)}, self._storage)


def _altered(app: ASGIApp, alter: Alter) -> ASGIApp:
    async def altered(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_altered(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = alter(scope["path"], message["status"], [*message["headers"]])
            await send(message)

        await app(scope, receive, send_altered)

    return altered


def _clear_the_cookie(path: str, status: int, headers: Headers) -> Headers:
    return [*headers, _CLEARED] if path == _REFRESH and status >= 400 else headers


def _drop_the_request_id(_path: str, _status: int, headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() != b"x-request-id"]


def _forbid_to_keep_keys(path: str, _status: int, headers: Headers) -> Headers:
    if not path.startswith("/.well-known/"):
        return headers
    kept = [header for header in headers if header[0] != b"cache-control"]
    return [*kept, (b"cache-control", b"no-store")]


def _keeping_the_tag() -> Alter:
    """Give every list the `ETag` of the first, which breaks J4, too."""
    kept: Headers = []

    def alter(path: str, _status: int, headers: Headers) -> Headers:
        if path != JWKS:
            return headers
        kept.extend(header for header in headers if header[0] == b"etag")
        return [header for header in headers if header[0] != b"etag"] + kept[:1]

    return alter


_ALTERATIONS: Final = {
    "R11": _clear_the_cookie,
    "K2": _drop_the_request_id,
    "J4": _forbid_to_keep_keys,
}
