"""Which promises a run has shown on somebody's deployment, and which it could not."""

from dataclasses import dataclass, field

import pytest

from contract.flow.document import steps

PROPERTY = "step"


def tag(items: list[pytest.Item]) -> None:
    """Let each test's report tell which promises it is about."""
    for item in items:
        for marker in item.iter_markers("step"):
            item.user_properties += [(PROPERTY, step) for step in marker.args]


@dataclass(slots=True)
class Ledger:
    """Promises by the outcome of their tests: `passed`, `failed` or `skipped`."""

    seen: dict[str, set[str]] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Enter the outcome of a test."""
        if report.when == "call" or report.outcome != "passed":
            told = {str(value) for name, value in report.user_properties if name == PROPERTY}
            self.seen.setdefault(report.outcome, set()).update(told)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say at the end what is shown and what isn't."""
        promised = [step.id for step in steps() if not step.is_shown_elsewhere]
        broken = self.seen.get("failed", set())
        shown = self.seen.get("passed", set()) - broken
        open_ = [step for step in promised if step not in shown | broken]
        terminalreporter.section("docs/flow.md")
        terminalreporter.line(f"{len(shown)} of {len(promised)} promises are shown")
        for what, which in (("broken", sorted(broken)), ("not shown", open_)):
            if which:
                terminalreporter.line(f"{len(which)} {what}: {' '.join(which)}")
