"""How the tests look at an embedded server."""

from pathlib import Path

import asyncpg


async def answer(dsn: str, query: str = "SELECT true") -> object:
    """Ask a server something."""
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def postmaster_of(home: Path) -> int:
    """Tell the number of the server's process."""
    return int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
