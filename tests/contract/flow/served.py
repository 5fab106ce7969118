"""Deployments that are started as a process and answer over a socket."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from typing_extensions import override

from contract.flow.command_line import CommandLineOperator
from contract.flow.database import Database
from contract.flow.in_process import ADMIN, ENVIRON
from contract.flow.operators import SecretForger
from harness.service import Installation, reserved_port
from harness.service import Service as Serving
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.entrypoints.storage import postgres
from latchkey.testing.flow.deployments import Process
from latchkey.testing.flow.elsewhere import ElsewhereDeployment, become_admin
from latchkey.testing.flow.kinds import NOTHING

HOST: Final = "127.0.0.1"


class Service(Process):
    """`latchkey serve` with its workers, which can be killed and started again."""

    def __init__(self, environ: Mapping[str, str], home: Path) -> None:
        self._installation = Installation(home=home, environ=environ)
        self._serving: Serving | None = None

    @override
    async def start(self) -> None:
        self._serving = self._installation.start()
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
        return self._serving.log.read_text() if self._serving else ""


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
async def served(
    database: Database, environ: Mapping[str, str] = NOTHING
) -> AsyncIterator[ServedDeployment]:
    """Start the service with two workers, make its administrator, and end it with all it has."""
    with tempfile.TemporaryDirectory(prefix="latchkey-flow-") as home, reserved_port() as port:
        given = {**_environ(Path(home), database, port), **environ}
        if "JWT_ISSUER" in environ:
            given["JWT_ISSUER"] = f"http://{HOST}:{port}"
        service = Service(given, Path(home))
        try:
            await service.start()
            deployment = ServedDeployment(service, given, database)
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
