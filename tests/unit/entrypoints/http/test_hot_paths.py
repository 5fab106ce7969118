"""What a request costs, counted in function calls: the same on a busy machine as on an idle one."""

import json
import sys
from collections.abc import Awaitable
from contextvars import ContextVar
from types import FrameType

import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.observability.metrics.catalogue import LAYOUT
from latchkey.entrypoints.observability.metrics.meter import Meter
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock
from unit.entrypoints.http.asgi import ENVIRON, Answer, Client

pytestmark = pytest.mark.anyio

COUNTED: ContextVar[bool] = ContextVar("counted", default=False)
ADA = {"email": "ada@example.com", "password": "violet kettle 41"}


@pytest.fixture
async def tokens(client: Client) -> tuple[bytes, bytes]:
    await client("POST", "/api/auth/bootstrap", [], json.dumps({**ADA, "name": "Ada"}).encode())
    _, headers, body = await client("POST", "/api/auth/login", [], json.dumps(ADA).encode())
    return json.loads(body)["accessToken"].encode(), _cookie(headers)


def _cookie(headers: dict[bytes, bytes]) -> bytes:
    return headers[b"set-cookie"].partition(b";")[0]


async def calls_of(request: Awaitable[Answer]) -> tuple[int, int]:
    """Count the calls of functions, Python's and C's, in a request and in no task beside it.

    Returns:
        The answer's status, and how many calls.
    """
    calls = 0

    def count(_: FrameType, what: str, __: object) -> None:
        nonlocal calls
        calls += what in {"call", "c_call"} and COUNTED.get()

    sys.setprofile(count)
    mark = COUNTED.set(True)
    try:
        status, _, _ = await request
    finally:
        sys.setprofile(None)
        COUNTED.reset(mark)
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

    # to go on with its coroutines after the two pauses around the signature takes 66 of them
    assert (status, calls <= 635) == (200, True), calls


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


@pytest.mark.usefixtures("quiet")
async def test_to_count_a_request_takes_a_handful_of_calls(
    client: Client, tokens: tuple[bytes, bytes], clock: FrozenClock
) -> None:
    bearer = [(b"authorization", b"Bearer " + tokens[0])]
    meter = Meter(memoryview(bytearray(LAYOUT.cells * 8)).cast("q"))
    counted = Client(create_app(from_env(ENVIRON), MemoryStorage(clock), meter))
    for each in (client, counted):
        await each("GET", "/api/orders", bearer)

    _, without = await calls_of(client("GET", "/api/orders", bearer))
    _, more = await calls_of(counted("GET", "/api/orders", bearer))

    assert 0 < more - without <= 6
