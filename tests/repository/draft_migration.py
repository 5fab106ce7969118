"""Draft a migration from the tables, on a temporary PostgreSQL: `just migration "Add phones"`."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgres
from latchkey.adapters.postgres.migrations import draft, migrate


async def write(dsn: str, message: str) -> Path:
    """Migrate an empty database, and draft what the tables have beyond it."""
    await migrate(dsn)
    return await draft(dsn, message)


if __name__ == "__main__":
    with TemporaryDirectory(prefix="latchkey-") as home, EmbeddedPostgres(Path(home)) as server:
        asyncio.run(write(server.dsn, sys.argv[1]))
