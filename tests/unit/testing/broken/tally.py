"""A pytest plugin that prints which broken adapters failed, each after its first failed test."""

from collections.abc import Generator

import pytest
from hypothesis import Phase, settings

CAUGHT = pytest.StashKey[dict[str, str]]()
MISTAKES = (ArithmeticError, AttributeError, LookupError, NameError, TypeError)
"""What a fault raises that is not the one it is meant to be."""

settings.register_profile(
    "tally",
    database=None,
    derandomize=True,
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],  # a failure is enough, however large the example
)
settings.load_profile("tally")


def pytest_configure(config: pytest.Config) -> None:
    """Begin with nothing caught."""
    config.stash[CAUGHT] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the races of a class last: they take longest, and most faults are caught before."""
    items.sort(key=lambda item: "_at_once" in item.name)
    items.sort(key=_class_of)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what a broken adapter was caught before."""
    if _class_of(item) in item.config.stash[CAUGHT]:
        pytest.skip("caught")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note who was caught, and by what."""
    report = yield
    if report.failed and call.excinfo is not None:
        is_right = report.when == "call" and not isinstance(call.excinfo.value, MISTAKES)
        how = item.name if is_right else f"{item.name}: {call.excinfo.exconly()}"
        item.config.stash[CAUGHT].setdefault(_class_of(item), how if is_right else f"ERROR {how}")
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for each that was caught."""
    for name, test in terminalreporter.config.stash[CAUGHT].items():
        terminalreporter.line(f"CAUGHT {name} {test}")


def _class_of(item: pytest.Item) -> str:
    return item.nodeid.split("::")[1]
