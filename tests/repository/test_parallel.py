"""Tests in several processes: they share what they must, and one that is alone is alone."""

import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread
from typing import Final

import pytest

from harness.locks import turn
from harness.postgres import shared_server

TESTS: Final = Path(__file__).parents[1]
PATIENCE: Final = 20.0  # s; nothing waits that long unless it is broken
POLL: Final = 0.005  # s
MODULE: Final = """
import time
import pytest

@pytest.mark.alone("is what is tested")
@pytest.mark.parametrize("number", range(3))
def test_alone(run_directory, number):
    with (run_directory / "log").open("a") as log:
        print("begin", file=log, flush=True)
        time.sleep(0.1)
        print("end", file=log, flush=True)
"""

SHARING: Final = """
import os
import pytest

@pytest.mark.parametrize("number", range(6))
def test_of_the_file(run_directory, number):
    note(run_directory, __file__)

@pytest.mark.parametrize("kind", ["memory", "postgres"])
@pytest.mark.parametrize("number", range(3))
def test_of_a_kind(run_directory, number, kind):
    note(run_directory, kind)

def note(run_directory, group):
    with (run_directory / "log").open("a") as log:
        print(group, os.environ["PYTEST_XDIST_WORKER"], file=log, flush=True)
"""


def wait_until_taken(lock: Path) -> None:
    """Return as soon as somebody holds a lock."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
        time.sleep(POLL)
    pytest.fail(f"nobody takes {lock}")


def test_who_wants_to_be_alone_waits_for_those_that_have_begun_and_for_nobody_else(
    tmp_path: Path,
) -> None:
    happened: list[str] = []
    may_end = Event()

    def run(name: str, *, alone: bool = False) -> None:
        with turn(tmp_path, alone=alone):
            happened.append(f"{name} begins")
            assert name != "first" or may_end.wait(PATIENCE)
            happened.append(f"{name} ends")

    first = Thread(target=run, args=("first",))
    lonely = Thread(target=run, args=("lonely",), kwargs={"alone": True})
    later = Thread(target=run, args=("later",))
    first.start()
    wait_until_taken(tmp_path / "running.lock")
    lonely.start()
    wait_until_taken(tmp_path / "next.lock")
    later.start()
    may_end.set()
    for thread in (first, lonely, later):
        thread.join(PATIENCE)

    assert happened == [
        *("first begins", "first ends"),
        *("lonely begins", "lonely ends"),
        *("later begins", "later ends"),
    ]


def test_two_may_run_at_once_who_do_not_ask_to_be_alone(tmp_path: Path) -> None:
    has_begun = Event()

    def run() -> None:
        with turn(tmp_path, alone=False):
            has_begun.set()

    with turn(tmp_path, alone=False):
        Thread(target=run, daemon=True).start()
        assert has_begun.wait(PATIENCE)


def run_in_two_processes(tmp_path: Path, module: str) -> tuple[str, list[str]]:
    """Run two copies of a module; return the last line of the output, and the lines logged."""
    for name in ("one", "another"):
        (tmp_path / f"test_{name}.py").write_text(module)
    return run_in(tmp_path, 2)


def run_in(tmp_path: Path, processes: int) -> tuple[str, list[str]]:
    """Run tests in so many processes; return the last line of the output, and the lines logged."""
    base = tmp_path / "base"
    run = subprocess.run(  # noqa: S603 - our own plugin
        [
            *(sys.executable, "-m", "pytest", "-p", "xdist", "-p", "harness.parallel"),
            *("-n", str(processes), "--dist", "loadscope"),
            *("--basetemp", base, "--rootdir", tmp_path, "."),
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(TESTS), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    return run.stdout.splitlines()[-1], (base / "log").read_text().splitlines()


def test_tests_that_are_alone_do_not_overlap_in_two_processes(tmp_path: Path) -> None:
    last, logged = run_in_two_processes(tmp_path, MODULE)

    assert " 6 passed in " in last
    assert logged == ["begin", "end"] * 6


def test_tests_of_a_file_or_of_a_deployment_share_a_process(tmp_path: Path) -> None:
    last, logged = run_in_two_processes(tmp_path, SHARING)

    assert " 24 passed in " in last
    assert len({line.split()[0] for line in logged}) == 4  # two files and two kinds
    assert len(set(logged)) == 4  # each in one process
    assert len({line.split()[1] for line in logged}) == 2


def test_what_takes_longest_begins_first(tmp_path: Path) -> None:
    for folder, count in (("another", 9), ("faults", 1)):
        (tmp_path / "tests" / folder).mkdir(parents=True)
        module = SHARING.replace("range(6)", f"range({count})")
        (tmp_path / "tests" / folder / f"test_{folder}.py").write_text(module)

    _, logged = run_in(tmp_path, 1)

    assert [Path(line.split()[0]).parent.name for line in logged if "/" in line] == [
        "faults",
        *["another"] * 9,
    ]


def test_one_server_serves_all_who_share_a_directory_and_ends_after_the_last(
    tmp_path: Path,
) -> None:
    with shared_server(tmp_path) as one:
        with shared_server(tmp_path) as another:
            assert another == one
        assert one.home.exists()

    deadline = time.monotonic() + PATIENCE
    while one.home.exists() and time.monotonic() < deadline:
        time.sleep(POLL)
    assert not one.home.exists()
