"""Requests byte by byte, as no decent client sends them."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from harness.leaks import search

_PATIENCE = 25.0  # s; longer than any deadline of the service


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection with nothing but TCP, or TLS, on it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Write bytes; a peer that has closed doesn't matter."""
        with suppress(ConnectionError):
            self.writer.write(data)
            await self.writer.drain()

    async def expect(self, mark: bytes) -> bytes:
        """Read up to and with a mark."""
        return await asyncio.wait_for(self.reader.readuntil(mark), _PATIENCE)

    async def rest(self) -> bytes:
        """Read until the service closes the connection."""
        received = b""
        with suppress(ConnectionError):
            async with asyncio.timeout(_PATIENCE):
                while part := await self.reader.read(65_536):
                    received += part
        search("raw answers", "what came over the wire", received.decode("latin-1"))
        return received


@asynccontextmanager
async def wire(port: int, trust: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    """Connect to a port of the loopback."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust)
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()
