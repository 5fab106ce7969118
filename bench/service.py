"""A service of our own: `latchkey serve` in production mode, on a database full of users."""

import secrets
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import asyncpg
import bcrypt

from bench.processes import Processes
from bench.rows import PASSWORD, fill
from bench.target import Target, ours
from harness.service import LATCHKEY, Installation
from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgres
from latchkey.adapters.postgres.migrations import migrate
from latchkey.entrypoints.settings import from_env
from latchkey.entrypoints.storage import operating

_SETTINGS: Final = {"shared_buffers": "512MB", "max_wal_size": "4GB", "checkpoint_timeout": "30min"}


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL of the usual durability while the block lasts; give its address."""
    with (
        TemporaryDirectory(prefix="latchkey-bench-") as home,
        EmbeddedPostgres(Path(home), _SETTINGS) as server,
    ):
        yield server.dsn


@asynccontextmanager
async def serving(
    dsn: str, *, workers: int, cost: int, rounds: int, **environ: str
) -> AsyncIterator[tuple[Target, float]]:
    """Fill an empty database and serve it while the block lasts.

    Args:
        dsn: Where it is.
        workers: Processes, >= 1.
        cost: The binary logarithm of the work for one password hash.
        rounds: How often everything is measured, >= 1.
        environ: Further settings.

    Returns:
        What to load, and how long it took to be ready, s.
    """
    await migrate(dsn)
    connection = await asyncpg.connect(dsn)
    await fill(connection, bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(cost)).decode())
    await connection.close()
    settings = {**_environ(dsn, workers, cost), **environ}
    with TemporaryDirectory(prefix="latchkey-bench-") as home:
        began = time.monotonic()
        installation = Installation(home=Path(home), environ=settings, latchkey=LATCHKEY)
        with installation.serving() as service:
            took = time.monotonic() - began
            async with operating(from_env(settings), dsn) as container:
                processes = Processes(service.process.pid)
                target = await ours(container, service.url, processes, rounds=rounds)
            yield target, took


def _environ(dsn: str, workers: int, cost: int) -> Mapping[str, str]:
    return {
        "APP_ENV": "production",
        "DATABASE_URL": dsn,
        "ALLOWED_HOSTS": "127.0.0.1",
        "TRUSTED_PROXIES": "127.0.0.1/32",
        "JWT_SECRET": secrets.token_hex(32),
        "LOGIN_LIMIT_ACCOUNT": "off",
        "LOGIN_LIMIT_ADDRESS": "off",
        "LOGIN_LIMIT_SUCCESSES": "off",
        "REFRESH_LIMIT": "off",
        "LOG_LEVEL": "error",
        "WORKERS": str(workers),
        "BCRYPT_ROUNDS": str(cost),
    }
