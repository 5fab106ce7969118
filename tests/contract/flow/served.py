"""Deployments that are started as a process and answer over a socket."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from typing_extensions import override

from contract.flow.command_line import CommandLineOperator
from contract.flow.database import Database
from contract.flow.in_process import ADMIN, ENVIRON
from contract.flow.operators import SecretForger
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.entrypoints.storage import postgres
from latchkey.testing.flow.deployments import Process
from latchkey.testing.flow.elsewhere import ElsewhereDeployment, become_admin
from serving import Serving, launch

HOST: Final = "127.0.0.1"


class Service(Process):
    """`latchkey serve` with its workers, which can be killed and started again."""

    def __init__(self, environ: Mapping[str, str], home: Path) -> None:
        self._environ = environ
        self._home = home
        self._log = home / "serve.log"
        self._serving: Serving | None = None

    @override
    async def start(self) -> None:
        process = launch(self._home, self._environ, self._log)
        url = f"http://{HOST}:{self._environ['PORT']}"
        self._serving = Serving(process=process, url=url, log=self._log)
        await asyncio.to_thread(self._serving.wait_until_ready)

    @override
    async def kill(self) -> None:
        if self._serving is not None:
            await asyncio.to_thread(self._serving.kill)

    async def stop(self) -> None:
        """End it in good order; at once if it doesn't."""
        if self._serving is not None:
            await asyncio.to_thread(self._serving.end)

    @override
    def output(self) -> str:
        return self._log.read_text()


class ServedDeployment(ElsewhereDeployment):
    """A started service whose settings and database are known."""

    def __init__(self, service: Service, environ: Mapping[str, str], database: Database) -> None:
        super().__init__(f"http://{HOST}:{environ['PORT']}")
        settings = from_env(environ)
        container = Container(settings=settings, storage=postgres(settings, database.dsn))
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
            assert await become_admin(deployment, ADMIN)
            deployment.admin = ADMIN
            yield deployment
        finally:
            await service.stop()


def _environ(home: Path, database: Database, port: int) -> dict[str, str]:
    return {
        **ENVIRON,
        "LATCHKEY_HOME": str(home),
        "DATABASE_URL": database.dsn,
        "HOST": HOST,
        "PORT": str(port),
        "WORKERS": "2",
    }


@contextmanager
def _reserved_port() -> Iterator[int]:
    """Keep a port from others who look for a free one; the server may listen on it all the same."""
    with socket.socket() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        keeper.bind((HOST, 0))
        port: int = keeper.getsockname()[1]
        yield port
