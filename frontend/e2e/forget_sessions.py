"""Delete all sessions from the embedded database under LATCHKEY_HOME."""

import asyncio
import os
from pathlib import Path

import asyncpg

from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgres


async def _forget(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("DELETE FROM sessions")
    await connection.close()


if __name__ == "__main__":
    with EmbeddedPostgres(Path(os.environ["LATCHKEY_HOME"])) as embedded:
        asyncio.run(_forget(embedded.dsn))
