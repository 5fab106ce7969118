"""A PostgreSQL server for one run of the tests, and migrated databases on it.

The server lives in a directory of its own. A keeper (`keeper.py`) stops it and deletes everything
as soon as the last process that uses it has ended.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

import asyncpg

from harness.keeper import PROGRAMS
from harness.leaks import search_log
from harness.locks import locked
from latchkey.adapters.embedded_postgres.server import EmbeddedServer
from latchkey.adapters.postgres.migrations import migrate

ROOT: Final = Path(__file__).parents[2]
MANUAL: Final = ROOT / "docs" / "operations.md"
GRANTS: Final = ROOT / "deploy" / "grants.sql"
TEMPLATE: Final = "migrated"
_KEEPER: Final = Path(__file__).with_name("keeper.py")
_KEEPERS: Final[list[subprocess.Popen[str]]] = []
"""Keepers that outlive their block: they wait for other processes, and nobody waits for them."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server with a migrated database that serves as the template of others.

    Attributes:
        home: A directory where other servers may be started, too: the keeper stops them.
        dsn: Of the database `postgres`, as a superuser.
    """

    home: Path
    dsn: str

    async def create_database(self, template: str = TEMPLATE) -> str:
        """Create a database and return its connection string."""
        name = f"test_{uuid4().hex}"
        await self._administer(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.dsn_of(name)

    async def drop_database(self, dsn: str) -> None:
        """Drop a database, and disconnect its clients."""
        name = dsn.partition("?")[0].rpartition("/")[2]
        await self._administer(f"DROP DATABASE {name} WITH (FORCE)")

    async def prepare(self) -> None:
        """Create the template."""
        await self._administer(f"CREATE DATABASE {TEMPLATE}")
        await migrate(self.dsn_of(TEMPLATE))
        await execute(self.dsn_of(TEMPLATE), granted())

    def dsn_of(self, name: str) -> str:
        """Return the connection string of another database."""
        return self.dsn.replace("/postgres?", f"/{name}?")

    async def _administer(self, command: str) -> None:
        await execute(self.dsn, command)


async def execute(dsn: str, commands: str) -> None:
    """Connect, execute commands, and disconnect."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(commands)
    finally:
        await connection.close()


def granted() -> str:
    """Return the statements that create the service's role and give it its rights."""
    return f"CREATE ROLE latchkey_service LOGIN;\n{GRANTS.read_text()}"


def as_service(dsn: str) -> str:
    """Connect as the service's role, which may read and write rows and nothing else."""
    return re.sub(r"//\w+@", "//latchkey_service@", dsn)


@contextmanager
def kept_server() -> Iterator[Path]:
    """Run a server of one's own, and yield its home, where more may be started by hand."""
    with (
        TemporaryDirectory(prefix="latchkey-keeper-") as directory,
        ExitStack() as unlocked,
        locked(lock := Path(directory) / "lock", shared=True),
    ):
        keeper, home = _start_keeper(lock)
        unlocked.enter_context(keeper)  # waits for its end, which the lock holds up
        yield home
        search_logs(home)


@contextmanager
def shared_server(directory: Path) -> Iterator[PostgresServer]:
    """Run the one server that all processes with the same directory share.

    The first process starts it. It ends soon after the last of them has left the block.
    """
    users, state = directory / "postgres.users", directory / "postgres.home"
    with locked(users, shared=True):
        with locked(directory / "postgres.start"):
            if not (state.exists() and Path(state.read_text()).exists()):
                keeper, home = _start_keeper(users)
                _KEEPERS.append(keeper)
                asyncio.run(_server(home).prepare())
                state.write_text(str(home))
        server = _server(Path(state.read_text()))
        yield server
        search_logs(server.home)


def search_logs(home: Path) -> None:
    """Search what the servers of a home wrote for secrets."""
    for log in home.rglob("server.log"):
        search_log(log)


def _server(home: Path) -> PostgresServer:
    return PostgresServer(home, EmbeddedServer(home / "postgres", programs=PROGRAMS).dsn)


def _start_keeper(lock: Path) -> tuple[subprocess.Popen[str], Path]:
    keeper = subprocess.Popen(  # noqa: S603 - the file beside this one
        [sys.executable, "-P", _KEEPER, lock],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # what interrupts the tests doesn't interrupt it
    )
    assert keeper.stdout is not None
    with keeper.stdout as output:
        home = output.readline().strip()
    assert home, "the keeper has failed, and written why"
    return keeper, Path(home)
