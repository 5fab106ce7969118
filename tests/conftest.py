"""What every test may ask for."""

import gc
import os
from collections.abc import Generator

import pytest
from hypothesis import settings

from latchkey.testing.frozen_clock import FrozenClock

pytest_plugins = ("canary", "harness.parallel")
pytest.register_assert_rewrite("latchkey.testing.ports", "latchkey.testing.flow")

gc.disable()  # until all is collected: a tenth of the CPU time of that

settings.register_profile("latchkey", deadline=None)  # a busy machine is no bug
settings.load_profile("latchkey")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Choose what the flow is shown on; tests/contract/README.md explains the option."""
    flow = parser.getgroup("the documented flow")
    flow.addoption("--deployment", default="memory,postgres,served", metavar="KINDS")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "requirement(*ids): the requirements of docs/security.md that it shows"
    )


def pytest_collection_finish() -> None:
    """Spare the garbage collector what was collected: a fifth of the CPU time of all tests."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what can't run here where nothing may be left out, as in CI."""
    report = yield
    if report.skipped and os.environ.get("LATCHKEY_OMIT_NOTHING"):
        report.outcome = "failed"
    return report


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()
