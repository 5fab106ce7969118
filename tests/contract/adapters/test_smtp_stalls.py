"""Mail servers that stall or drip, and senders that are told to stop."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from contract.adapters.mail_transport import MESSAGE, delayed, transport_to
from harness.mail_server import Handler, Server, mail_server

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def dripping(greeting: bytes, pause: float) -> AsyncIterator[Server]:
    """Send a greeting byte by byte, and nothing else."""

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for byte in greeting:
                writer.write(bytes([byte]))
                await asyncio.sleep(pause)
            await asyncio.sleep(60)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    listener = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with listener:
        yield Server(listener.sockets[0].getsockname()[1], Handler())


@pytest.mark.requirement("MA-5")
@pytest.mark.parametrize("greeting", [b"", b"220-" + b"x" * 500, b"220 ready\r\n"])
async def test_a_server_that_stalls_or_drips_holds_nobody_beyond_the_deadline(
    greeting: bytes,
) -> None:
    async with dripping(greeting, 0.05) as server:
        began = time.monotonic()

        reason = await delayed(transport_to(server, deadline=0.5))

        assert reason == "timeout"
        assert time.monotonic() - began < 5


async def test_a_cancelled_message_ends_at_once() -> None:
    has_begun = threading.Event()

    def stall(_: object) -> str:
        has_begun.set()
        time.sleep(3)  # in the server's thread, so that it answers neither the dot nor QUIT
        return "250 late"

    with mail_server(None, handler=Handler(data=stall), has_login=False) as server:
        transport = transport_to(server, url=server.url(user=None, options="?tls=none"))
        sending = asyncio.create_task(transport.send(MESSAGE))
        await asyncio.to_thread(has_begun.wait, 20)
        began = time.monotonic()

        sending.cancel()
        await asyncio.wait([sending])

        assert sending.cancelled()
        assert time.monotonic() - began < 1
