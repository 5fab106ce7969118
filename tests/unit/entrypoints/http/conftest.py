"""An application on the memory adapters, in this process."""

from collections.abc import Iterator

import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock
from unit.entrypoints.http.asgi import ENVIRON, Client, quiet_logs


@pytest.fixture
def quiet() -> Iterator[None]:
    with quiet_logs():
        yield


@pytest.fixture
def client(clock: FrozenClock, quiet: None) -> Client:  # noqa: ARG001 - logs as production does
    settings = from_env(ENVIRON)
    return Client(create_app(settings, MemoryStorage(clock)))
