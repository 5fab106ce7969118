"""Our own deployments, which the suite of the flow runs on."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from typing_extensions import override

from contract.flow.database import fresh_database
from contract.flow.in_process import ENVIRON, deployed, make_admin
from contract.flow.served import served
from harness.postgres import PostgresServer
from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.entrypoints.settings import from_env
from latchkey.testing.flow.deployments import Deployment
from latchkey.testing.flow.kinds import NOTHING, Kind
from latchkey.testing.frozen_clock import FrozenClock


class Memory(Kind):
    """In this process, on the memory adapters."""

    lacks = frozenset({"storage", "issuer_storage", "process", "rotation"})

    @override
    @asynccontextmanager
    async def deploy(
        self, environ: Mapping[str, str] = NOTHING, *, has_admin: bool = True
    ) -> AsyncIterator[Deployment]:
        with TemporaryDirectory(prefix="latchkey-flow-") as home:
            given = {**ENVIRON, "LATCHKEY_HOME": home, **environ}
            settings, clock = from_env(given), FrozenClock()
            storage = MemoryStorage(clock)
            async with deployed(settings, storage, clock) as deployment:
                if has_admin:
                    await make_admin(deployment)
                yield deployment


class Postgres(Kind):
    """In this process, on a PostgreSQL database of its own, by a clock that stands still."""

    lacks = frozenset({"process", "rotation"})

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    @override
    @asynccontextmanager
    async def deploy(
        self, environ: Mapping[str, str] = NOTHING, *, has_admin: bool = True
    ) -> AsyncIterator[Deployment]:
        async with AsyncExitStack() as stack:
            home = stack.enter_context(TemporaryDirectory(prefix="latchkey-flow-"))
            database = await stack.enter_async_context(fresh_database(self._server))
            own = {"LATCHKEY_HOME": home, "DATABASE_URL": database.dsn}
            settings, clock = from_env({**ENVIRON, **own, **environ}), FrozenClock()
            storage = PostgresStorage(PostgresConfig(dsn=database.dsn), clock)
            async with deployed(settings, storage, clock) as deployment:
                deployment.storage = database
                if has_admin:
                    await make_admin(deployment)
                yield deployment


class Served(Kind):
    """A started service with two workers, by the database's clock, over a socket."""

    lacks = frozenset({"clock", "deploy", "deploy_once", "rotation"})

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    @override
    @asynccontextmanager
    async def deploy(
        self, environ: Mapping[str, str] = NOTHING, *, has_admin: bool = True
    ) -> AsyncIterator[Deployment]:
        async with (
            fresh_database(self._server) as database,
            served(database, environ) as deployment,
        ):
            yield deployment


LACKS: Final[Mapping[str, frozenset[str]]] = {
    "memory": Memory.lacks,
    "postgres": Postgres.lacks,
    "served": Served.lacks,
}


def kind_named(name: str, request: pytest.FixtureRequest) -> Kind:
    """Return the kind with that name; only those that need PostgreSQL start a server."""
    if name == "memory":
        return Memory()
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return Postgres(server) if name == "postgres" else Served(server)
