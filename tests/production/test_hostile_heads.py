"""Heads that are made to stay in memory: a worker is afterwards as large as before."""

import asyncio
from collections.abc import Callable
from typing import Final

import psutil
import pytest

from harness.service import Installation, Service
from harness.wire import Wire, wire
from production.deployment import COOKIE, HOST

pytestmark = pytest.mark.anyio

HEADS: Final = 10_000
CONNECTIONS: Final = 4
MEBIBYTE: Final = 2**20
BOUND: Final = 20 * MEBIBYTE
BEYOND_THE_BMP: Final = "%F0%9F%98%80"  # makes each character of a text take 4 bytes
TARGET: Final = "GET {} HTTP/1.1\r\n"
OWN: Final = f"Host: {HOST}\r\nX-Forwarded-Proto: https\r\n"
REFRESH: Final = "POST /api/auth/refresh HTTP/1.1\r\n"

KINDS: Final[tuple[Callable[[int], str], ...]] = (
    # far too large
    lambda n: TARGET.format(f"/problems/{BEYOND_THE_BMP}{n}{'x' * 12_000}"),
    lambda n: TARGET.format(f"/api/orders?cursor={n}{'A' * 12_000}"),
    lambda n: TARGET.format("/api/orders?" + "&".join(f"{n}-{each}=" for each in range(1_200))),
    lambda n: f"{REFRESH}Cookie: {COOKIE}={n};{';' * 13_000}\r\n",
    lambda n: REFRESH + "".join(f"X-{n}-{each}: {'x' * 100}\r\n" for each in range(95)),
    # just small enough
    lambda n: TARGET.format(f"/problems/{BEYOND_THE_BMP}{n}{'x' * 480}"),
    lambda n: TARGET.format(f"/api/orders?cursor={n}{'A' * 480}"),
    lambda n: TARGET.format("/api/orders?" + "&".join(f"{n}-{each}=" for each in range(16))),
    lambda n: f"{REFRESH}Cookie: {';'.join(f'{COOKIE}={n}{each}' for each in range(300))}\r\n",
    lambda n: REFRESH + "".join(f"X-{n}-{each}: {'x' * 100}\r\n" for each in range(60)),
    lambda n: f"{REFRESH}X-Forwarded-For: 2001:db8::{n:x}, {'1.2.3.4, ' * 900}\r\n",
    lambda n: f"{TARGET.format('/api/auth/me')}Authorization: Bearer {n}{'A' * 8_000}\r\n",
)


@pytest.mark.requirement("HT-6")
@pytest.mark.alone("measures the memory of a process")
async def test_no_head_stays_in_the_memory_of_a_worker(production: Installation) -> None:
    with production.serving(WORKERS="1", TRUSTED_PROXIES="127.0.0.1/32") as service:
        [worker] = _workers(service)
        await _attack(service, range(HEADS // 10))  # what a worker needs anyway
        before = worker.memory_info().rss
        statuses = await _attack(service, range(HEADS, 2 * HEADS))
        grown_by = worker.memory_info().rss - before
        is_same = _workers(service) == [worker]

    assert is_same
    assert statuses <= {400, 401, 404, 414, 431}
    assert grown_by < BOUND, f"{grown_by / MEBIBYTE:.1f} MiB"


def _workers(service: Service) -> list[psutil.Process]:
    return psutil.Process(service.process.pid).children(recursive=True)


async def _attack(service: Service, numbers: range) -> set[int]:
    """Send a head of the next kind for each number, on some connections; give the statuses."""
    parts = [numbers[first::CONNECTIONS] for first in range(CONNECTIONS)]
    found = await asyncio.gather(*(_send(service, part) for part in parts))
    return set().union(*found)


async def _send(service: Service, numbers: range) -> set[int]:
    statuses, left = set[int](), list(numbers)
    while left:
        async with wire(service.port) as connection:
            while left:
                number = left.pop()
                head = KINDS[number % len(KINDS)](number) + OWN + "Content-Length: 0\r\n\r\n"
                await connection.send(head.encode())
                status, is_over = await _answer(connection)
                statuses.add(status)
                if is_over:
                    break
    return statuses


async def _answer(connection: Wire) -> tuple[int, bool]:
    """Read a response to its end; tell its status, and whether the connection ends with it."""
    head = (await connection.expect(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
    await connection.reader.readexactly(int(length or b"0"))
    return int(head.split(b" ", 2)[1]), b"connection: close" in head
