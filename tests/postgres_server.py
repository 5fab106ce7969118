"""A PostgreSQL server for one run of the tests, and migrated databases on it.

The server lives in a directory of its own and belongs to a keeper: a process that stops it and
deletes everything as soon as the run is over, however it ends, for then nobody holds the other end
of its standard input any more.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
import pytest

from canary import search_log
from latchkey.adapters.embedded_postgres.program import EmbeddedPostgresError, Program
from latchkey.adapters.embedded_postgres.server import EmbeddedServer
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.migrations import migrate
from latchkey.domain.throttling.throttle import LoginLimits
from latchkey.testing.frozen_clock import FrozenClock

MANUAL: Final = Path(__file__).parents[1] / "docs" / "operations.md"
TEMPLATE: Final = "migrated"
OFF: Final = LoginLimits(account=None, address=None)
PROGRAMS: Final = Path(given) if (given := os.environ.get("LATCHKEY_TEST_POSTGRES")) else None
"""Where the programs of PostgreSQL are; None for those of the package."""

SETTINGS: Final = {"fsync": "off", "max_connections": "200"}  # its data won't be needed again
EMPTY: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid != pg_backend_pid();
    SET session_replication_role = replica;
    DELETE FROM sessions; DELETE FROM orders; DELETE FROM users;
    DELETE FROM audit_events; DELETE FROM login_attempts;
"""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server with a database that is migrated, to make others of.

    Attributes:
        home: A directory where other servers may be started, too: the keeper stops them.
        dsn: Of the database `postgres`, as somebody who may do anything.
    """

    home: Path
    dsn: str

    async def create_database(self, template: str = TEMPLATE) -> str:
        """Make a database and tell its connection string."""
        name = f"test_{uuid4().hex}"
        await self._administer(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.dsn_of(name)

    async def drop_database(self, dsn: str) -> None:
        """Take a database away, with whoever is connected to it."""
        name = dsn.partition("?")[0].rpartition("/")[2]
        await self._administer(f"DROP DATABASE {name} WITH (FORCE)")

    async def prepare(self) -> None:
        """Make the database that is migrated."""
        await self._administer(f"CREATE DATABASE {TEMPLATE}")
        await migrate(self.dsn_of(TEMPLATE))
        await _execute(self.dsn_of(TEMPLATE), granted())

    def dsn_of(self, name: str) -> str:
        """Name another database."""
        return self.dsn.replace("/postgres?", f"/{name}?")

    async def _administer(self, command: str) -> None:
        await _execute(self.dsn, command)


async def _execute(dsn: str, commands: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(commands)
    finally:
        await connection.close()


def granted() -> str:
    """Read the statements by which the manual makes the service's role."""
    [statements] = re.findall(r"```sql\n(CREATE ROLE.+?)```", MANUAL.read_text(), re.DOTALL)
    return str(statements)


def as_service(dsn: str) -> str:
    """Connect as the service's role, which may read and write rows and nothing else."""
    return re.sub(r"//\w+@", "//latchkey_service@", dsn)


@contextmanager
def kept_server() -> Iterator[Path]:
    """Have a keeper run a server, and give its home, where more may be started by hand."""
    keeper = subprocess.Popen(  # noqa: S603 - this very file
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # what interrupts the tests doesn't interrupt it
    )
    with keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        home = keeper.stdout.readline().strip()
        assert home, "the keeper has failed, and written why"
        yield Path(home)
        for log in Path(home).rglob("server.log"):
            search_log(log)
        keeper.stdin.close()
        keeper.stdout.read()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with kept_server() as home:
        server = PostgresServer(home, EmbeddedServer(home / "postgres", programs=PROGRAMS).dsn)
        asyncio.run(server.prepare())
        yield server


@pytest.fixture(scope="session")
def shared_database(postgres_server: PostgresServer) -> str:
    return asyncio.run(postgres_server.create_database())


@pytest.fixture
async def postgres_dsn(shared_database: str) -> str:
    """A database with nothing in it; to empty one is much faster than to make one."""
    await _execute(shared_database, EMPTY)
    return shared_database


@pytest.fixture
async def own_postgres_dsn(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """A database for a test that changes more than rows."""
    dsn = await postgres_server.create_database()
    yield dsn
    await postgres_server.drop_database(dsn)


@pytest.fixture
async def postgres_pool(postgres_dsn: str) -> AsyncIterator[Pool]:
    config = PostgresConfig(dsn=as_service(postgres_dsn))
    pool = Pool(partial(connect, config), size=10, acquire_timeout=10)
    await pool.open()
    yield pool
    await pool.close()


@pytest.fixture
async def postgres(postgres_dsn: str, clock: FrozenClock) -> AsyncIterator[PostgresStorage]:
    storage = PostgresStorage(PostgresConfig(dsn=as_service(postgres_dsn)), OFF, clock)
    await storage.open()
    yield storage
    await storage.close()


def _keep() -> None:
    home = Path(tempfile.mkdtemp(prefix="latchkey-test-"))
    try:
        EmbeddedServer(home / "postgres", SETTINGS, PROGRAMS).ensure_running()
        sys.stdout.write(f"{home}\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        for data in [path.parent for path in home.rglob("postmaster.pid")]:
            with suppress(EmbeddedPostgresError):  # it was stopped by hand
                stop = Program("pg_ctl", data, PROGRAMS)
                stop.run("stop", "-w", "-m", "immediate", "-D", ".", cwd=data)
        shutil.rmtree(home)


if __name__ == "__main__":
    _keep()
