"""A suite fails for an adapter that breaks a single promise of its port."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from unit.testing.broken.faults import BROKEN

TESTS: Final = Path(__file__).parents[2]
BOUND: Final = Path(__file__).parent / "broken" / "bound.py"
CAUGHT: Final = re.compile(r"^CAUGHT (\w+) (.*)$", re.MULTILINE)


@pytest.fixture
def caught() -> dict[str, str]:
    """Run the suites against all faults, in a process of its own; name the test that failed."""
    options = ("-c", os.devnull, "--rootdir", TESTS, "--import-mode=importlib", "--tb=line", "-q")
    plugins = ("-p", "unit.testing.broken.tally", "-p", "no:cacheprovider", "-p", "no:schemathesis")
    done = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", *options, *plugins, BOUND],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout[-3000:] + done.stderr
    return dict(CAUGHT.findall(done.stdout))


def test_each_broken_promise_is_caught_by_an_assertion_and_nothing_else_is(
    caught: dict[str, str],
) -> None:
    mistakes = {name: test for name, test in caught.items() if test.startswith("ERROR")}

    assert sorted(caught) == sorted(BROKEN)
    assert mistakes == {}
