"""What is fuzzed: a service in this process, and by `just fuzz` a started one as well."""

import os
from collections.abc import Iterator

import pytest

from fuzz.effort import Effort
from fuzz.services import FuzzedService, in_process, started

pytest.register_assert_rewrite(
    "fuzz.factored_lives",
    "fuzz.link_sides",
    "fuzz.linked_lives",
    "fuzz.lives",
    "fuzz.sides",
    "fuzz.world",
)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("harness.databases")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "service" in metafunc.fixturenames:
        kinds = ["in_process"] if Effort.of(os.environ).is_bounded else ["in_process", "started"]
        metafunc.parametrize("service", kinds, indirect=True)


@pytest.fixture(scope="session")
def effort() -> Effort:
    return Effort.of(os.environ)


@pytest.fixture
def service(request: pytest.FixtureRequest, effort: Effort) -> Iterator[FuzzedService]:
    """A service with nobody in it, or, where it is started, an administrator."""
    if request.param == "in_process":
        with in_process(effort) as service:
            yield service
    else:
        with started(effort, request.getfixturevalue("postgres_server")) as service:
            yield service
