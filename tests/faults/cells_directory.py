"""The directory of cells: the one thing that spans them, as a table of its own."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Self

import asyncpg

from latchkey.adapters.idna import IdnaDomainNames
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.kernel.errors import InvalidInputError

_TABLES: Final = """
    CREATE TABLE addresses (address text COLLATE "C" PRIMARY KEY, cell smallint NOT NULL);
    CREATE TABLE handles (handle bytea PRIMARY KEY, cell smallint NOT NULL);
"""
_FILL: Final = """
    INSERT INTO addresses SELECT 'user' || number || '@elsewhere.example', number % 4096
      FROM generate_series(1, $1::int) AS number
"""
_FIND: Final = "SELECT cell FROM addresses WHERE address = $1"
_CLAIM: Final = """
    INSERT INTO addresses AS known VALUES ($1, $2)
    ON CONFLICT (address) DO UPDATE SET cell = known.cell RETURNING cell
"""
_NOTE: Final = "INSERT INTO handles VALUES ($1, $2) ON CONFLICT DO NOTHING"
_FIND_HANDLE: Final = "SELECT cell FROM handles WHERE handle = $1"
_PARSER: Final = EmailAddressParser(domains=IdnaDomainNames())


def canonical(email: str) -> str | None:
    """Return an address in the form in which it is unique, or None if it is no address."""
    try:
        return _PARSER.parse(email).canonical
    except InvalidInputError:
        return None


class Directory:
    """Says which cell has an address, and lets one cell have it.

    Attributes:
        asked: How many statements it has run.
    """

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.asked = 0
        self._connection = connection
        self._turn = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def open(cls, dsn: str, filled: int) -> AsyncIterator[Self]:
        """Create the tables in a database, with so many addresses of others."""
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(_TABLES)
            await connection.execute(_FILL, filled)
            yield cls(connection)
        finally:
            await connection.close()

    async def find(self, address: str) -> int | None:
        """Return the cell that has an address, or None."""
        return await self._ask(_FIND, address)

    async def claim(self, address: str, cell: int) -> int:
        """Give an address to a cell unless another one has it; return which one has it now."""
        holder = await self._ask(_CLAIM, address, cell)
        assert holder is not None
        return holder

    async def note_handle(self, handle: bytes, cell: int) -> None:
        """Remember the cell of the user whom passkeys know by a handle."""
        await self._ask(_NOTE, handle, cell)

    async def find_handle(self, handle: bytes) -> int | None:
        """Return the cell of the user whom passkeys know by a handle, or None."""
        return await self._ask(_FIND_HANDLE, handle)

    async def look_up(self, times: int) -> list[float]:
        """Look addresses up one after the other, and return the microseconds of each, sorted."""
        taken = []
        for number in range(1, times + 1):
            began = time.perf_counter()
            await self.find(f"user{number}@elsewhere.example")
            taken.append((time.perf_counter() - began) * 1e6)
        return sorted(taken)

    async def _ask(self, sql: str, *values: object) -> int | None:
        async with self._turn:
            self.asked += 1
            found: int | None = await self._connection.fetchval(sql, *values)
            return found
