"""Tests in several processes: what shares a process, and what needs the machine for itself.

A plugin of pytest. Without pytest-xdist's `-n` it does nothing.
"""

import os
import re
import secrets
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

import pytest

from harness.locks import turn

_WHOLE: Final = (
    "tests/contract/client/",
    "tests/faults/",
    "tests/production/",
    "tests/verifiers/",
)
"""Folders whose tests share services, which are costly to start."""

_LONGEST: Final = (
    "tests/faults/",
    "tests/production/",
    "served",
    "postgres",
    "memory",
    "tests/contract/client/",
    "tests/verifiers/",
    "tests/contract/prove/",
    "tests/fuzz/",
    "tests/repository/",
    "tests/unit/testing/test_suites_catch.py",
)
"""The beginnings of the groups that begin first, so that no process waits for them in the end."""

_KINDS: Final = frozenset({"memory", "postgres", "served", "nginx", "haproxy", "caddy"})
"""Names of parameters that stand for a deployment or a proxy that many files share."""

_PARAMETERS: Final = re.compile(r"\[(.*)\]$", re.DOTALL)


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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the groups that take longest."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _turn_of(group_of(item.nodeid)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:  # noqa: ANN401 - xdist's
    """Keep in one process what shares costly fixtures.

    pytest-xdist 3.8 would do it by marks, but loses them with pytest 9.2.
    """
    from xdist.scheduler import (  # type: ignore[import-untyped]  # noqa: PLC0415 - optional
        LoadScopeScheduling,
    )

    config.option.loadscopereorder = False  # by the number of tests, some of which take 20 s

    class Groups(LoadScopeScheduling):  # type: ignore[misc] # as above
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return Groups(config, log)


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

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Let tests in other processes run meanwhile, or none."""
        with turn(self.directory, alone=item.get_closest_marker("alone") is not None):
            return (yield)


def group_of(test: str) -> str:
    """Name what a test shares: a deployment or a proxy, its folder's services, or its file's.

    Args:
        test: The id of the test.
    """
    file, _, name = test.partition("::")
    found = _PARAMETERS.search(name)
    for parameter in found[1].split("-") if found else ():
        if parameter in _KINDS:
            return parameter
    return next((folder for folder in _WHOLE if file.startswith(folder)), file)


def _turn_of(group: str) -> int:
    """Return the place of a group among those that begin, from 0 on."""
    places = (place for place, name in enumerate(_LONGEST) if group.startswith(name))
    return next(places, len(_LONGEST))
