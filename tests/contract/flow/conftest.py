"""Binds the suite of the flow (`suite`, a link to where it is shipped) to our own deployments."""

import pytest

from contract.flow.kinds import LACKS, kind_named
from latchkey.testing.flow.kinds import Kind


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", _kinds(metafunc.config), indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that need what a deployment lacks, and those that would only repeat.

    What a started service shows on PostgreSQL is not shown again by one in this process, which is
    for the tests that move time or choose settings.
    """
    also_served = "served" in _kinds(config)
    chosen, left_out = list[pytest.Item](), list[pytest.Item]()
    for item in items:
        repeats = also_served and _kind_of(item) == "postgres" and _runs_on(item, "served")
        is_chosen = _runs_on(item, _kind_of(item)) and not repeats
        (chosen if is_chosen else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = chosen


def _kinds(config: pytest.Config) -> list[str]:
    names: str = config.getoption("--deployment")
    return names.split(",")


def _kind_of(item: pytest.Item) -> str:
    """Return the name of the deployment that a test runs on, empty if it needs none."""
    name: str = getattr(getattr(item, "callspec", None), "params", {}).get("kind", "")
    return name


def _runs_on(item: pytest.Item, kind: str) -> bool:
    return LACKS.get(kind, frozenset()).isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def kind(request: pytest.FixtureRequest) -> Kind:
    return kind_named(request.param, request)
