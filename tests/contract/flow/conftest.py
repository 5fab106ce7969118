"""Binds the suite of the flow (`suite`, a link to where it is shipped) to our own deployments."""

import pytest

from contract.flow.kinds import LACKS, kind_named
from latchkey.testing.flow.kinds import Kind


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        names = metafunc.config.getoption("--deployment").split(",")
        metafunc.parametrize("kind", names, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that need what a deployment lacks by its nature."""
    left_out = [item for item in items if _is_beyond(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _is_beyond(item)]


def _is_beyond(item: pytest.Item) -> bool:
    params = getattr(getattr(item, "callspec", None), "params", {})
    wanted = set(getattr(item, "fixturenames", ()))
    return bool(wanted & LACKS.get(params.get("kind", ""), frozenset()))


@pytest.fixture(scope="session")
def kind(request: pytest.FixtureRequest) -> Kind:
    return kind_named(request.param, request)
