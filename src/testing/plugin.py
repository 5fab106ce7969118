"""The service in memory, as fixtures. pytest loads this plugin as soon as it is installed.

Until a test asks for one of the fixtures, this imports nothing but pytest. All fixtures are
synchronous, so tests may be run by anyio, by pytest-asyncio or by no event loop at all. The types
that the fixtures return are in their docstrings.

To change what the service is made of, override `latchkey_clock`, `latchkey_settings` or
`latchkey_storage` in a `conftest.py` or a test module.
"""

import warnings
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, Final

import pytest

pytest.register_assert_rewrite("latchkey.testing.ports")


_HARMLESS: Final = "The declarative_mixin decorator"  # advanced-alchemy 1.12 on SQLAlchemy 2.1


def pytest_configure(config: pytest.Config) -> None:
    """Declare the suites' marker; ignore a warning that importing the migrations causes."""
    config.addinivalue_line("markers", "requirement(*ids): requirements of Latchkey that it tests")
    config.addinivalue_line("filterwarnings", f"ignore:{_HARMLESS}:DeprecationWarning")


@pytest.fixture
def latchkey_clock() -> Any:
    """A `FrozenClock` that stands at the present instant; `move(timedelta)` moves it."""
    return _load("latchkey.testing.frozen_clock").FrozenClock(datetime.now(UTC))


@pytest.fixture
def latchkey_settings() -> Any:
    """The `Settings` of the service: those of `latchkey.testing.environ.ENVIRON`."""
    environ = _load("latchkey.testing.environ").ENVIRON
    return _load("latchkey.entrypoints.settings").from_env(environ)


@pytest.fixture
def latchkey_storage(latchkey_clock: Any) -> Any:
    """An empty `MemoryStorage` that uses `latchkey_clock`."""
    memory = _load("latchkey.adapters.memory")
    return memory.MemoryStorage(latchkey_clock)


@pytest.fixture
def latchkey_service(latchkey_settings: Any, latchkey_storage: Any) -> Any:
    """The `latchkey.testing.service.InProcessService`: creates users and logged-in clients."""
    service = _load("latchkey.testing.service")
    return service.InProcessService(latchkey_settings, latchkey_storage)


@pytest.fixture
def latchkey_app(latchkey_service: Any) -> Any:
    """The service as an ASGI application."""
    return latchkey_service.app


@pytest.fixture
def latchkey_user(latchkey_service: Any) -> Any:
    """An `Account` with the role USER."""
    return latchkey_service.create_user()


@pytest.fixture
def latchkey_admin(latchkey_service: Any) -> Any:
    """An `Account` with the role ADMIN."""
    role = _load("latchkey.domain.accounts.user").Role.ADMIN
    return latchkey_service.create_user(role=role)


@pytest.fixture
def latchkey_client(latchkey_service: Any) -> Any:
    """An `httpx.AsyncClient` of the service that is not logged in."""
    return latchkey_service.client()


@pytest.fixture
def latchkey_user_client(latchkey_service: Any, latchkey_user: Any) -> Any:
    """An `httpx.AsyncClient` of the service, logged in as `latchkey_user`."""
    return latchkey_service.client(latchkey_user)


@pytest.fixture
def latchkey_admin_client(latchkey_service: Any, latchkey_admin: Any) -> Any:
    """An `httpx.AsyncClient` of the service, logged in as `latchkey_admin`."""
    return latchkey_service.client(latchkey_admin)


@pytest.fixture
def latchkey_sync_client(latchkey_service: Any) -> Any:
    """An `httpx.Client` of the service that is not logged in, for synchronous tests."""
    return latchkey_service.sync_client()


def _load(name: str) -> Any:
    """Import a module of the service or the kit, even if warnings are errors in this test run."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", _HARMLESS, DeprecationWarning)
        return import_module(name)
