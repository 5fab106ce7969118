"""What a request costs, counted in function calls: the same on a busy machine as on an idle one."""

import json
import sys
from collections.abc import Awaitable, Iterator
from types import FrameType
from typing import Any

import pytest
import structlog
from litestar.types import ASGIApp

from latchkey.adapters.memory import MemoryStorage
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

ENVIRON = {
    "APP_ENV": "test",
    "BCRYPT_ROUNDS": "4",
    "JWT_SECRET": "d2f1c0a98b7e6d5c4b3a29180f1e2d3c4b5a69788796a5b4",
    "LOG_LEVEL": "error",
}
ADA = {"email": "ada@example.com", "password": "violet kettle 41"}
Headers = list[tuple[bytes, bytes]]
Answer = tuple[int, dict[bytes, bytes], bytes]


class Client:
    """Speaks ASGI to an application, with as little around it as can be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app: Any = app

    async def __call__(self, method: str, path: str, headers: Headers, body: bytes = b"") -> Answer:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self._app(_scope(method, path, headers, body), receive, send)
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


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


@pytest.fixture
def quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


@pytest.fixture
def client(clock: FrozenClock, quiet: None) -> Client:  # noqa: ARG001 - logs as production does
    settings = from_env(ENVIRON)
    return Client(create_app(settings, MemoryStorage(clock)))


@pytest.fixture
async def tokens(client: Client) -> tuple[bytes, bytes]:
    await client("POST", "/api/auth/bootstrap", [], json.dumps({**ADA, "name": "Ada"}).encode())
    _, headers, body = await client("POST", "/api/auth/login", [], json.dumps(ADA).encode())
    return json.loads(body)["accessToken"].encode(), _cookie(headers)


def _cookie(headers: dict[bytes, bytes]) -> bytes:
    return headers[b"set-cookie"].partition(b";")[0]


async def calls_of(request: Awaitable[Answer]) -> tuple[int, int]:
    """Count the calls of functions, Python's and C's, in a request.

    Returns:
        The answer's status, and how many calls.
    """
    calls = 0

    def count(_: FrameType, what: str, __: object) -> None:
        nonlocal calls
        calls += what in {"call", "c_call"}

    sys.setprofile(count)
    try:
        status, _, _ = await request
    finally:
        sys.setprofile(None)
    return status, calls


@pytest.mark.parametrize(("path", "bound"), [("/api/auth/me", 325), ("/api/orders", 325)])
async def test_a_read_makes_no_more_calls_than_it_used_to(
    client: Client, tokens: tuple[bytes, bytes], path: str, bound: int
) -> None:
    bearer = [(b"authorization", b"Bearer " + tokens[0])]
    await client("GET", path, bearer)

    status, calls = await calls_of(client("GET", path, bearer))

    assert (status, calls <= bound) == (200, True), calls


async def test_a_refresh_makes_no_more_calls_than_it_used_to(
    client: Client, tokens: tuple[bytes, bytes]
) -> None:
    _, headers, _ = await client("POST", "/api/auth/refresh", [(b"cookie", tokens[1])])

    status, calls = await calls_of(
        client("POST", "/api/auth/refresh", [(b"cookie", _cookie(headers))])
    )

    assert (status, calls <= 580) == (200, True), calls


async def test_a_forged_access_token_makes_no_more_calls_than_it_used_to(
    client: Client, tokens: tuple[bytes, bytes]
) -> None:
    forged = [(b"authorization", b"Bearer " + tokens[0][:-4] + b"AAAA")]
    await client("GET", "/api/auth/me", forged)

    status, calls = await calls_of(client("GET", "/api/auth/me", forged))

    assert (status, calls <= 180) == (401, True), calls


async def test_a_forged_refresh_token_makes_no_more_calls_than_it_used_to(
    client: Client, tokens: tuple[bytes, bytes]
) -> None:
    forged = [(b"cookie", tokens[1][:-4] + b"AAAA")]
    await client("POST", "/api/auth/refresh", forged)

    status, calls = await calls_of(client("POST", "/api/auth/refresh", forged))

    assert (status, calls <= 185) == (401, True), calls
