"""How the proxies' files in `deploy` limit what is large, slow or too much."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import httpx
import pytest

from harness.wire import Wire, wire
from latchkey.entrypoints.http.pipeline.body import MAX_BYTES
from latchkey.entrypoints.http.pipeline.head import MAX_HEADERS, MAX_PATH
from latchkey.testing.flow.visitor import Visitor
from production.deployment import HOST, visitor_of
from production.proxies import IDLE_TIMEOUT, PRETENDING, Proxy

pytestmark = pytest.mark.anyio

PROBLEM: Final = "application/problem+json"
MANY: Final = 120  # connections of one client; 100 are allowed
TOO_MANY: Final = 700  # requests of one client at once; 200 to 500 are allowed
HALF: Final = f"POST /health/live HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 2\r\n\r\n{{".encode()
REFUSED: Final = {"nginx": "429", "haproxy": ""}
"""What the connections beyond the limit get: a status, or none."""
CADDYS_OWN: Final = 12_500  # bytes of a head; a larger one may get a refusal without a problem
COUNTING: Final = pytest.mark.parametrize("kind", list(REFUSED), indirect=True)
"""Caddy counts neither connections nor requests of a client."""


@pytest.fixture
async def visitor(proxy: Proxy) -> AsyncIterator[Visitor]:
    async with proxy.client() as http:
        yield visitor_of(http)


async def test_a_large_head_is_accepted_or_refused_as_such(proxy: Proxy, visitor: Visitor) -> None:
    sizes = [*range(7_500, 30_000, 1_000), *range(14_000, 17_000, 100)]

    answers = {size: await visitor.http.get("/health/live", headers=_large(size)) for size in sizes}

    large = [size for size in sizes if size >= MAX_HEADERS]
    assert {answers[size].status_code for size in sizes if size < MAX_HEADERS} == {200}
    assert {size for size in large if not _is_refused(proxy, 431, size, answers[size])} == set()


async def test_a_long_path_is_accepted_or_refused_as_such(proxy: Proxy, visitor: Visitor) -> None:
    sizes = range(200, 30_000, 2_500)

    answers = {size: await visitor.http.get(f"/api/{'x' * size}") for size in sizes}

    long = [size for size in sizes if size >= MAX_PATH]
    assert {answers[size].status_code for size in sizes if size < MAX_PATH} == {404}
    assert {size for size in long if not _is_refused(proxy, 414, size, answers[size])} == set()


async def test_a_large_body_is_refused_as_such(visitor: Visitor) -> None:
    answers = [
        await visitor.http.post("/api/auth/login", json={"email": "x" * size})
        for size in (MAX_BYTES, 60_000, 100_000)
    ]

    assert {answer.status_code for answer in answers} == {413}
    assert {_media_type(answer) for answer in answers} == {PROBLEM}


async def test_a_slow_head_is_cut_off(proxy: Proxy, trust: ssl.SSLContext) -> None:
    async with wire(proxy.tls, trust) as connection:
        await connection.send(b"GET /health/live HTTP/1.1\r\nX: ")
        async with asyncio.timeout(IDLE_TIMEOUT + 8):
            answer = await connection.rest()

    assert b"HTTP/1.1 2" not in answer


@COUNTING
async def test_one_client_has_a_limited_number_of_connections(
    proxy: Proxy, trust: ssl.SSLContext
) -> None:
    async with AsyncExitStack() as stack:
        crowd = [await stack.enter_async_context(_half_sent(proxy, trust)) for _ in range(MANY)]
        other = await stack.enter_async_context(proxy.client(address="127.0.0.3"))
        meanwhile = await other.get("/health/live")
        statuses = [await _status(connection) for connection in crowd]

    assert meanwhile.status_code == 200
    assert statuses.count("405") == 100
    assert set(statuses) == {"405", REFUSED[proxy.kind]}


@COUNTING
async def test_one_client_has_a_limited_number_of_requests(proxy: Proxy) -> None:
    async with (
        proxy.client(address="127.0.0.4") as greedy,
        proxy.client(address="127.0.0.3") as modest,
    ):
        greedy_answers = [await greedy.get("/health/live") for _ in range(TOO_MANY)]
        answer = await modest.get("/health/live")

    [refused] = [answer for answer in greedy_answers if answer.status_code != 200][:1]
    assert refused.status_code == 429
    assert refused.headers["content-type"] == PROBLEM
    assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["nginx"], indirect=True)
async def test_the_addresses_of_one_ipv6_network_are_one_client(proxy: Proxy) -> None:
    async with proxy.client(address=PRETENDING) as http:
        answers = [
            await http.get("/health/live", headers=_pretended(f"2001:db8::{last:x}"))
            for last in range(TOO_MANY)
        ]
        neighbour = await http.get("/health/live", headers=_pretended("2001:db8:0:1::1"))

    assert {answer.status_code for answer in answers} == {200, 429}
    assert neighbour.status_code == 200


def _large(size: int) -> dict[str, str]:
    return dict.fromkeys(("X-Large", "X-Larger"), "x" * (size // 2))


def _pretended(address: str) -> dict[str, str]:
    return {"X-Pretended-Address": address}


def _is_refused(proxy: Proxy, status: int, size: int, answer: httpx.Response) -> bool:
    """Tell whether a head that is too large gets what it should."""
    given = (answer.status_code, _media_type(answer))
    if proxy.kind == "caddy" and size > CADDYS_OWN:
        return given in {(status, PROBLEM), (431, "text/plain; charset=utf-8"), (431, "")}
    return given == (status, PROBLEM)


def _media_type(answer: httpx.Response) -> str:
    return str(answer.headers.get("content-type", ""))


@asynccontextmanager
async def _half_sent(proxy: Proxy, trust: ssl.SSLContext) -> AsyncIterator[Wire | None]:
    """Connect and send a half of a request, or give None if that is refused."""
    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(wire(proxy.tls, trust))
        except (ConnectionError, ssl.SSLError):
            yield None
        else:
            await connection.send(HALF)
            yield connection


async def _status(connection: Wire | None) -> str:
    if connection is None:
        return ""
    await connection.send(b"}")
    return (await connection.expect(b"\r\n")).split()[1].decode()
