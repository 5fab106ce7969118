"""The kinds of deployments that the flow is shown on."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import ClassVar, Final

import pytest
from typing_extensions import override

from adapters.memory import MemoryAdapters
from contract.flow.deployments import Deployment
from contract.flow.in_process import ADMIN, ENVIRON, deployed
from domain.user import Role
from entrypoints.settings import from_env
from frozen_clock import FrozenClock

NOTHING: Final[Mapping[str, str]] = {}


class Kind(ABC):
    """Makes deployments of a kind.

    Attributes:
        lacks: Fixtures that it can't serve by its nature; tests that want them are left out.
        can_deploy: Whether it makes deployments with other settings.
    """

    lacks: ClassVar[frozenset[str]] = frozenset()
    can_deploy: ClassVar[bool] = True

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
        adapters = MemoryAdapters(clock, settings.login_limits)
        async with deployed(settings, adapters, clock) as deployment:
            if has_admin:
                await deployment.operator.create(ADMIN, Role.ADMIN)
                deployment.admin = ADMIN
            yield deployment


KINDS: Final[Mapping[str, type[Kind]]] = {"memory": Memory}


def kind_of(name: str, request: pytest.FixtureRequest) -> Kind:
    """Find a kind by its name."""
    return KINDS[name]()
