"""A pytest plugin that selects the tests, runs them silently and collects what they find."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Self

import httpx
import pytest

from latchkey.testing.flow.elsewhere import Elsewhere
from latchkey.testing.flow.kinds import Kind
from latchkey.testing.prove.examination import examine, promises_of
from latchkey.testing.prove.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How far a run has come.

    Attributes:
        done: How many tests have run.
        total: Of how many.
        broken: The ids of the broken promises.
    """

    done: int = 0
    total: int = 0
    broken: frozenset[str] = frozenset()

    def __add__(self, other: Self) -> Self:
        """Return how far two parts of a run have come together."""
        return type(self)(
            done=self.done + other.done,
            total=self.total + other.total,
            broken=self.broken | other.broken,
        )


Progress = Callable[[Count], None]


class Prover:
    """Runs the tests of some promises against one deployment.

    Attributes:
        findings: What the tests have found so far.
        error: The error that has stopped pytest itself, or None.
    """

    def __init__(
        self, kind: Elsewhere, scope: frozenset[str], progress: Progress, modules: slice
    ) -> None:
        """Create a plugin for one run.

        Args:
            kind: Where the deployment comes from.
            scope: The ids of the promises to judge.
            progress: Called after the collection and after each test.
            modules: Which modules of the suite to run, of those in its order.
        """
        self.findings: list[Finding] = []
        self.error: str | None = None
        self._kind = kind
        self._scope = scope
        self._progress = progress
        self._modules = modules
        self._total = 0
        self._last: httpx.Response | None = None

    async def listen(self, response: httpx.Response) -> None:
        """Remember the last response, for a check that fails without naming one."""
        await response.aread()
        self._last = response

    @pytest.fixture(scope="session")
    def kind(self) -> Kind:
        """Return where the deployment comes from."""
        return self._kind

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Select the tests of the promises that are judged, in the modules of this run."""
        judged = [item for item in items if self._scope & set(promises_of(item))]
        modules = {*list(dict.fromkeys(item.path for item in judged))[self._modules]}
        items[:] = [item for item in judged if item.path in modules]
        self._total = len(items)
        self._tell()

    def pytest_runtest_setup(self) -> None:
        """Forget the last response of the previous test."""
        self._last = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Record what a test has found, and report progress."""
        report = yield
        if call.when == "call" or (call.when == "setup" and call.excinfo):
            self.findings.append(examine(item, call, self._scope, self._last))
            self._tell()
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Record the error that has stopped the collection of tests."""
        if report.failed:
            self.error = str(report.longrepr)

    def pytest_internalerror(self, excrepr: object) -> bool:
        """Record the error that has stopped pytest, instead of letting pytest print it."""
        self.error = str(excrepr)
        return True

    def _tell(self) -> None:
        broken = (breach.promise for found in self.findings for breach in found.breaches)
        count = Count(done=len(self.findings), total=self._total, broken=frozenset(broken))
        self._progress(count)
