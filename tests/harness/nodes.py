"""Servers that crash, that another one takes over from, and that never answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from harness.keeper import SETTINGS
from latchkey.adapters.embedded_postgres.program import Program
from latchkey.adapters.embedded_postgres.server import EmbeddedServer


@dataclass(frozen=True, slots=True)
class Node:
    """A server that tests may stop and start."""

    data: Path

    @property
    def server(self) -> EmbeddedServer:
        return EmbeddedServer(self.data, SETTINGS)

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
        backup = Program("pg_basebackup", data)
        backup.own(data)
        where = ("-h", self.sockets, "-U", "latchkey")
        backup.run("-D", ".", *where, "-R", "-X", "stream", "-c", "fast", cwd=data)
        (data / ".s.PGSQL.5432.lock").unlink()  # the primary's
        return Node(data)

    def _processes(self) -> list[psutil.Process]:
        postmaster = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        return [postmaster, *postmaster.children()]

    def _control(self, *command: str) -> None:
        Program("pg_ctl", self.data).run(*command, "-w", "-D", ".", cwd=self.data)


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
