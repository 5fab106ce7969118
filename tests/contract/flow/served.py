"""Deployments that are started as a process and answer over a socket."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

import httpx
from typing_extensions import override

from canary import search_log
from contract.flow.command_line import CommandLineOperator
from contract.flow.database import Database
from contract.flow.deployments import Process
from contract.flow.elsewhere import ElsewhereDeployment, become_admin
from contract.flow.in_process import ENVIRON
from contract.flow.operators import SecretForger
from entrypoints.container import Container
from entrypoints.settings import from_env
from entrypoints.storage import postgres

HOST: Final = "127.0.0.1"
START_WITHIN: Final = 60.0  # s
END_WITHIN: Final = 30.0  # s


class Service(Process):
    """`latchkey serve` with its workers: a process group of their own, so that none survives."""

    def __init__(self, environ: Mapping[str, str], home: Path) -> None:
        self._environ = dict(environ)
        self._home = home
        self._log = home / "serve.log"
        self._url = f"http://{HOST}:{environ['PORT']}"
        self._parent: subprocess.Popen[bytes] | None = None

    @override
    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._parent = subprocess.Popen(  # noqa: ASYNC220, S603 - our own command; quick to fork
                [Path(sys.executable).with_name("latchkey"), "serve"],
                cwd=self._home,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        await self._wait_until_ready(self._parent)

    @override
    async def kill(self) -> None:
        if self._parent is not None:
            os.killpg(self._parent.pid, signal.SIGKILL)
            await asyncio.to_thread(self._parent.wait, END_WITHIN)
            self._parent = None

    async def stop(self) -> None:
        """End it in good order; at once if it doesn't."""
        if self._parent is not None:
            self._parent.terminate()
            try:
                await asyncio.to_thread(self._parent.wait, END_WITHIN)
            finally:
                _kill_group(self._parent.pid)
        search_log(self._log)

    @override
    def output(self) -> str:
        return self._log.read_text()

    async def _wait_until_ready(self, parent: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_WITHIN
        async with httpx.AsyncClient(base_url=self._url) as http:
            while not await _is_ready(http):
                has_failed = parent.poll() is not None or time.monotonic() > deadline
                assert not has_failed, f"the service did not start:\n{self.output()}"
                await asyncio.sleep(0.05)


class ServedDeployment(ElsewhereDeployment):
    """A started service whose settings and database are known."""

    def __init__(self, service: Service, environ: Mapping[str, str], database: Database) -> None:
        super().__init__(f"http://{HOST}:{environ['PORT']}")
        settings = from_env(environ)
        container = Container(settings=settings, adapters=postgres(settings, database.dsn))
        self.process = service
        self.storage = database
        self.operator = CommandLineOperator(environ)
        self.forger = SecretForger(settings, container.codec())


@asynccontextmanager
async def served(database: Database) -> AsyncIterator[ServedDeployment]:
    """Start the service with two workers, make its administrator, and end it with all it has."""
    with tempfile.TemporaryDirectory(prefix="latchkey-flow-") as home, _reserved_port() as port:
        environ = _environ(Path(home), database, port)
        service = Service(environ, Path(home))
        try:
            await service.start()
            deployment = ServedDeployment(service, environ, database)
            deployment.admin = await become_admin(deployment)
            yield deployment
        finally:
            await service.stop()


def _environ(home: Path, database: Database, port: int) -> dict[str, str]:
    return {
        **ENVIRON,
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LATCHKEY_HOME": str(home),
        "DATABASE_URL": database.dsn,
        "HOST": HOST,
        "PORT": str(port),
        "WORKERS": "2",
    }


async def _is_ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/health/ready")).is_success
    except httpx.TransportError:
        return False


@contextmanager
def _reserved_port() -> Iterator[int]:
    """Keep a port from others who look for a free one; the server may listen on it all the same."""
    with socket.socket() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        keeper.bind((HOST, 0))
        port: int = keeper.getsockname()[1]
        yield port


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return
