"""A service of our own: `latchkey serve` in production mode, on a database full of users."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import asyncpg
import bcrypt
import httpx

from bench.load import BenchError
from bench.processes import Processes
from bench.rows import PASSWORD, fill
from bench.target import Target, ours
from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgres
from latchkey.adapters.postgres.migrations import migrate
from latchkey.entrypoints.settings import from_env
from latchkey.entrypoints.storage import operating

_LATCHKEY: Final = Path(sys.executable).with_name("latchkey")
_START_WITHIN: Final = 60.0  # s
_END_WITHIN: Final = 40.0  # s
_POLL: Final = 0.01  # s
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
    dsn: str, *, workers: int, cost: int, rounds: int
) -> AsyncIterator[tuple[Target, float]]:
    """Fill an empty database and serve it while the block lasts.

    Args:
        dsn: Where it is.
        workers: Processes, >= 1.
        cost: The binary logarithm of the work for one password hash.
        rounds: How often everything is measured, >= 1.

    Returns:
        What to load, and how long it took to be ready, s.
    """
    await migrate(dsn)
    connection = await asyncpg.connect(dsn)
    await fill(connection, bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(cost)).decode())
    await connection.close()
    port = _free_port()
    environ = _environ(dsn, port, workers, cost)
    with _started(environ) as service:
        url = f"http://127.0.0.1:{port}"
        took = _until_ready(service, url)
        async with operating(from_env(environ), dsn) as container:
            target = await ours(container, url, Processes(service.pid), rounds=rounds)
        yield target, took


def _environ(dsn: str, port: int, workers: int, cost: int) -> Mapping[str, str]:
    return {
        "APP_ENV": "production",
        "DATABASE_URL": dsn,
        "ALLOWED_HOSTS": "127.0.0.1",
        "TRUSTED_PROXIES": "127.0.0.1/32",
        "JWT_SECRET": secrets.token_hex(32),
        "LOGIN_LIMIT_ACCOUNT": "off",
        "LOGIN_LIMIT_ADDRESS": "off",
        "REFRESH_LIMIT": "off",
        "LOG_LEVEL": "error",
        "WORKERS": str(workers),
        "PORT": str(port),
        "BCRYPT_ROUNDS": str(cost),
    }


@contextmanager
def _started(environ: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    service = subprocess.Popen(  # noqa: S603 - our own command
        [_LATCHKEY, "serve"],
        env={"PATH": os.environ["PATH"], **environ},
        stdin=subprocess.DEVNULL,
    )
    try:
        yield service
    finally:
        service.terminate()
        service.wait(_END_WITHIN)


def _until_ready(service: subprocess.Popen[bytes], url: str) -> float:
    began = time.monotonic()
    while time.monotonic() < began + _START_WITHIN:
        if service.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/health/ready").is_success:
                return time.monotonic() - began
        except httpx.TransportError:
            time.sleep(_POLL)
    raise BenchError("the service did not start; it has said why")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
