"""Tests in several processes: what shares a process, and what needs the machine for itself.

A plugin of pytest. Without pytest-xdist's `-n` it does nothing.
"""

import os
import secrets
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest

from harness.locks import turn

_WHOLE: Final = (
    "tests/contract/client/",
    "tests/faults/",
    "tests/production/",
    "tests/verifiers/",
)
"""Folders whose tests share services, which are costly to start."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "alone(why): needs the machine for itself; no other test runs meanwhile"
    )
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(_Worker(Path(config.option.basetemp).parent))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Have sets in one order in all processes: they must collect the same names of tests."""
    os.environ.setdefault("PYTHONHASHSEED", str(secrets.randbits(32)))


@pytest.fixture(scope="session")
def run_directory(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


class _Worker:
    """One of several processes that run tests.

    Attributes:
        directory: One that all of them share.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep in one process, by `--dist loadgroup`, what shares costly fixtures."""
        for item in items:
            item.add_marker(pytest.mark.xdist_group(_group(item)))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Let tests in other processes run meanwhile, or none."""
        with turn(self.directory, alone=item.get_closest_marker("alone") is not None):
            return (yield)


def _group(item: pytest.Item) -> str:
    """Name what a test shares: the flow's deployment, its folder's services, its file."""
    kind = getattr(getattr(item, "callspec", None), "params", {}).get("kind")
    if isinstance(kind, str):
        return kind
    file = item.nodeid.partition("::")[0]
    return next((folder for folder in _WHOLE if file.startswith(folder)), file)
