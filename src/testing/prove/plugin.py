"""A pytest plugin that selects the tests, runs them silently and collects what they find."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from itertools import groupby
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
        """Return how far two parts of a run have come together. Both know the same total."""
        return type(self)(
            done=self.done + other.done,
            total=max(self.total, other.total),
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
        self, kind: Elsewhere, scope: frozenset[str], progress: Progress, turns: Iterator[int]
    ) -> None:
        """Create a plugin for one run.

        Args:
            kind: Where the deployment comes from.
            scope: The ids of the promises to judge.
            progress: Called after the collection and after each test.
            turns: The numbers of the modules to run, from 0 on, as far as there are modules.
        """
        self.findings: list[Finding] = []
        self.error: str | None = None
        self._kind = kind
        self._scope = scope
        self._progress = progress
        self._turns = turns
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
        self._tell()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests of the modules whose turn it is here."""
        tests = self._taken(session.items)
        test = None if self.error else next(tests, None)
        while test is not None:
            following = next(tests, None)
            session.config.hook.pytest_runtest_protocol(item=test, nextitem=following)
            test = following
        return True

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

    def _taken(self, items: list[pytest.Item]) -> Iterator[pytest.Item]:
        modules = [[*tests] for _, tests in groupby(items, key=lambda item: item.path)]
        for number in self._turns:
            if number >= len(modules):
                return
            yield from modules[number]

    def _tell(self) -> None:
        broken = (breach.promise for found in self.findings for breach in found.breaches)
        count = Count(done=len(self.findings), total=self._total, broken=frozenset(broken))
        self._progress(count)
