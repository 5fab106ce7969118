"""A database of a deployment's own, and the way to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
from typing_extensions import override

from harness.postgres import PostgresServer, as_service
from latchkey.testing.flow.deployments import Storage

_DISCONNECT: Final = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1
"""  # returns when they have gone: a connection that breaks later would fail another request


class Database(Storage):
    """One database of a server that many share; cut off alone, while the others work on.

    Attributes:
        dsn: Where it is.
    """

    def __init__(self, server: PostgresServer, dsn: str) -> None:
        self.dsn = dsn
        self._administration = server.dsn
        self._name = dsn.partition("?")[0].rpartition("/")[2]

    @override
    async def cut(self) -> None:
        await self._administer(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
        await self._administer(_DISCONNECT, self._name)

    @override
    async def mend(self) -> None:
        await self._administer(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")

    async def _administer(self, command: str, *values: str) -> None:
        connection = await asyncpg.connect(self._administration)
        try:
            await connection.execute(command, *values)
        finally:
            await connection.close()


@asynccontextmanager
async def fresh_database(server: PostgresServer) -> AsyncIterator[Database]:
    """Make a migrated database with nothing in it, for the service's role; drop it at the end."""
    dsn = await server.create_database()
    try:
        yield Database(server, as_service(dsn))
    finally:
        await server.drop_database(dsn)
