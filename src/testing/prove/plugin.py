"""A pytest plugin that selects the tests, runs them silently and collects what they find."""

from collections.abc import Callable, Generator

import httpx
import pytest

from latchkey.testing.flow.elsewhere import Elsewhere
from latchkey.testing.flow.kinds import Kind
from latchkey.testing.prove.examination import examine, promises_of
from latchkey.testing.prove.findings import Finding

Progress = Callable[[int, int, int], None]


class Prover:
    """Runs the tests of some promises against one deployment.

    Attributes:
        findings: What the tests have found so far.
        error: The error that has stopped pytest itself, or None.
    """

    def __init__(self, kind: Elsewhere, scope: frozenset[str], progress: Progress) -> None:
        """Create a plugin for one run.

        Args:
            kind: Where the deployment comes from.
            scope: The ids of the promises to judge.
            progress: Called after each test with the number of tests that have run, of all tests
                and of broken promises.
        """
        self.findings: list[Finding] = []
        self.error: str | None = None
        self._kind = kind
        self._scope = scope
        self._progress = progress
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
        """Select the tests of the promises that are judged."""
        items[:] = [item for item in items if self._scope & set(promises_of(item))]
        self._total = len(items)

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
            broken = {breach.promise for found in self.findings for breach in found.breaches}
            self._progress(len(self.findings), self._total, len(broken))
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Record the error that has stopped the collection of tests."""
        if report.failed:
            self.error = str(report.longrepr)

    def pytest_internalerror(self, excrepr: object) -> bool:
        """Record the error that has stopped pytest, instead of letting pytest print it."""
        self.error = str(excrepr)
        return True
