"""The kinds of deployments that the flow is shown on."""

import os
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import ClassVar, Final

import pytest
from typing_extensions import override

from contract.flow.database import fresh_database
from contract.flow.deployments import Deployment
from contract.flow.elsewhere import ElsewhereDeployment, become_admin, given_admin
from contract.flow.in_process import ENVIRON, deployed, make_admin
from contract.flow.served import served
from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock
from postgres_server import PostgresServer

NOTHING: Final[Mapping[str, str]] = {}


class Kind(ABC):
    """Makes deployments of a kind.

    Attributes:
        lacks: Fixtures that it can't serve by its nature; tests that want them are left out.
        can_deploy: Whether it makes deployments with other settings.
    """

    lacks: ClassVar[frozenset[str]] = frozenset()
    can_deploy: ClassVar[bool] = True

    def __init__(self, request: pytest.FixtureRequest) -> None:
        """Belong to a run of the tests."""
        self._request = request

    @abstractmethod
    def deploy(
        self, environ: Mapping[str, str] = NOTHING, *, has_admin: bool = True
    ) -> AbstractAsyncContextManager[Deployment]:
        """Deploy with settings beside the tests' usual ones, with or without an administrator."""


class Memory(Kind):
    """In this process, on the memory adapters."""

    lacks = frozenset({"storage", "process"})

    @override
    @asynccontextmanager
    async def deploy(
        self, environ: Mapping[str, str] = NOTHING, *, has_admin: bool = True
    ) -> AsyncIterator[Deployment]:
        settings, clock = from_env({**ENVIRON, **environ}), FrozenClock()
        storage = MemoryStorage(clock)
        async with deployed(settings, storage, clock) as deployment:
            if has_admin:
                await make_admin(deployment)
            yield deployment


class Postgres(Kind):
    """In this process, on a PostgreSQL database of its own, by a clock that stands still."""

    lacks = frozenset({"process"})

    @override
    def __init__(self, request: pytest.FixtureRequest) -> None:
        super().__init__(request)
        self._server: PostgresServer = request.getfixturevalue("postgres_server")

    @override
    @asynccontextmanager
    async def deploy(
        self, environ: Mapping[str, str] = NOTHING, *, has_admin: bool = True
    ) -> AsyncIterator[Deployment]:
        async with fresh_database(self._server) as database:
            given = {**ENVIRON, "DATABASE_URL": database.dsn, **environ}
            settings, clock = from_env(given), FrozenClock()
            storage = PostgresStorage(PostgresConfig(dsn=database.dsn), clock)
            async with deployed(settings, storage, clock) as deployment:
                deployment.storage = database
                if has_admin:
                    await make_admin(deployment)
                yield deployment


class Served(Kind):
    """A started service with two workers, by the database's clock, over a socket."""

    lacks = frozenset({"clock", "deploy", "deploy_once"})

    @override
    def __init__(self, request: pytest.FixtureRequest) -> None:
        super().__init__(request)
        self._server: PostgresServer = request.getfixturevalue("postgres_server")

    @override
    @asynccontextmanager
    async def deploy(
        self, environ: Mapping[str, str] = NOTHING, *, has_admin: bool = True
    ) -> AsyncIterator[Deployment]:
        async with fresh_database(self._server) as database, served(database) as deployment:
            yield deployment


class Elsewhere(Kind):
    """What answers at `--base-url`, whoever runs it and whatever it is made of."""

    can_deploy = False

    @override
    @asynccontextmanager
    async def deploy(
        self, environ: Mapping[str, str] = NOTHING, *, has_admin: bool = True
    ) -> AsyncIterator[Deployment]:
        option = self._request.config.getoption
        deployment = ElsewhereDeployment(option("--base-url"))
        given = given_admin(option("--admin-email"), os.environ)
        deployment.admin = given or await become_admin(deployment)
        yield deployment


KINDS: Final[Mapping[str, type[Kind]]] = {
    "memory": Memory,
    "postgres": Postgres,
    "served": Served,
    "elsewhere": Elsewhere,
}
