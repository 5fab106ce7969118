"""Clients behind a proxy that ask for a large file and do not read it."""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from harness.service import Installation, Service
from harness.wire import Wire
from production.deployment import HOST, visitor_of
from production.proxies import Proxy, proxied

pytestmark = pytest.mark.anyio

READERS: Final = 20
WINDOW: Final = 4_096  # bytes that a reader takes before it reads
LIMIT: Final = 5.0  # s; less than the proxies wait for a reader
MEBIBYTE: Final = 1 << 20
SIZES: Final = {"nginx": 12 * MEBIBYTE, "haproxy": MEBIBYTE, "caddy": MEBIBYTE}
"""What is large: no file of the pages has 1 MiB. nginx takes more than fits into the kernel."""
PATTERN: Final = bytes(range(256))
REQUEST: Final = f"GET /large.png HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()


@pytest.fixture
def service(kind: str, production: Installation, tmp_path: Path) -> Iterator[Service]:
    """One worker, which serves a large file."""
    (tmp_path / "404.html").write_text("<!doctype html>")
    (tmp_path / "large.png").write_bytes(_file(kind))
    environ = {"FRONTEND_DIR": str(tmp_path), "TRUSTED_PROXIES": "127.0.0.1/32", "WORKERS": "1"}
    with production.serving(**environ) as service:
        yield service


@pytest.fixture
def before_it(
    kind: str,
    service: Service,
    certificate: dict[str, str],
    trust: ssl.SSLContext,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Proxy]:
    home = tmp_path_factory.mktemp(f"slow-{kind}")
    with proxied(kind, home, certificate, trust, service.port) as started:
        yield started


@pytest.mark.requirement("HT-5")
async def test_who_does_not_read_holds_up_neither_others_nor_the_worker(
    service: Service, before_it: Proxy
) -> None:
    async with AsyncExitStack() as stack:
        readers = [await stack.enter_async_context(_asking(before_it)) for _ in range(READERS)]
        heads = [await reader.expect(b"\r\n\r\n") for reader in readers]

        began = time.monotonic()
        http = await stack.enter_async_context(before_it.client(address="127.0.0.3"))
        others = [await visitor_of(http).refresh("x" * 100) for _ in range(READERS)]
        served = time.monotonic()
        status = await asyncio.to_thread(service.end)
        ended = time.monotonic()
        late = await readers[0].reader.readexactly(SIZES[before_it.kind])

    assert {head.split()[1] for head in heads} == {b"200"}
    assert {answer.status_code for answer in others} == {401}
    assert status == 0
    assert max(served - began, ended - served) < LIMIT
    assert late == _file(before_it.kind)


def _file(kind: str) -> bytes:
    return PATTERN * (SIZES[kind] // len(PATTERN))


@asynccontextmanager
async def _asking(proxy: Proxy) -> AsyncIterator[Wire]:
    """Ask for the large file on a connection that takes little before it is read."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
        connection.settimeout(0)
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", proxy.tls))
        reader, writer = await asyncio.open_connection(
            sock=connection, ssl=proxy.trust, server_hostname="127.0.0.1", limit=WINDOW
        )
        wire = Wire(reader, writer)
        await wire.send(REQUEST)
        try:
            yield wire
        finally:
            writer.transport.abort()
