"""`./justw` in a checkout of its own: a small project, a justfile, and pins of the real lock."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
Done = subprocess.CompletedProcess[str]
MAKING: Final = "justw: making .venv from requirements.lock"
NEEDED: Final = (
    *("rust-just", "hatchling", "editables"),
    *("packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers"),
)
PROJECT: Final = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "small"
version = "1"

[tool.hatch.build.targets.wheel]
packages = ["small"]
"""
NO_NETWORK: Final = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_FIND_LINKS": "",
    "PIP_INDEX_URL": "http://127.0.0.1:9/",
    "PIP_NO_CACHE_DIR": "1",
    "PIP_RETRIES": "0",
}


def new_checkout(directory: Path) -> Path:
    """Lay out a project that has all that `justw` looks at, in a directory with a space."""
    root = directory / "check out"
    (root / "small").mkdir(parents=True)
    (root / "small" / "__init__.py").touch()
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "justfile").write_text('tell *words:\n    @echo "{{ words }}" from "$PWD"\n')
    pins = re.findall(
        r"^[a-z].*\n(?: .*\n)+", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
    needed = [pin for pin in pins if pin.partition("==")[0] in NEEDED]
    (root / "requirements.lock").write_text("".join(needed))
    shutil.copy(ROOT / "justw", root)
    return root


def call(root: Path, *arguments: str, **variables: str) -> Done:
    """Call `justw` from elsewhere, with an empty HOME."""
    return subprocess.run(  # noqa: S603 - the script under test
        [sys.executable, root / "justw", *arguments],
        cwd="/",
        env=os.environ | {"HOME": ""} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """A checkout whose `justw` was first called without a network, then twice at once with one."""

    root: Path
    without_network: Done
    at_once: list[Done]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    root = new_checkout(tmp_path_factory.mktemp("justw"))
    without_network = call(root, "tell", **NO_NETWORK)
    with ThreadPoolExecutor() as pool:
        at_once = list(pool.map(lambda word: call(root, "tell", word), ["one", "two"]))
    return Checkout(root=root, without_network=without_network, at_once=at_once)


def test_without_a_network_it_tells_its_steps_and_says_in_one_line_why_it_failed(
    checkout: Checkout,
) -> None:
    failed = checkout.without_network

    making, *steps, why = failed.stderr.splitlines()

    assert making.startswith(MAKING)
    assert [step[: len("justw: 1 of 3")] for step in steps] == ["justw: 1 of 3", "justw: 2 of 3"]
    assert why.startswith("justw: could not install requirements.lock (is the network there?)")
    assert failed.returncode == 1


def test_two_calls_at_once_make_one_environment_where_one_was_not_finished(
    checkout: Checkout,
) -> None:
    one, two = checkout.at_once

    assert one.stdout == f"one from {checkout.root}\n", one.stderr
    assert two.stdout == f"two from {checkout.root}\n", two.stderr
    assert sorted(MAKING in done.stderr for done in (one, two)) == [False, True]


def test_a_later_call_makes_nothing_and_passes_the_exit_code_on(checkout: Checkout) -> None:
    fine, wrong = call(checkout.root, "tell"), call(checkout.root, "no-such-recipe")

    assert (fine.returncode, fine.stderr) == (0, "")
    assert wrong.returncode != 0
    assert MAKING not in wrong.stderr


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        pytest.param("requirements.lock", "rust-just", "# anew\nrust-just", id="lock"),
        pytest.param("pyproject.toml", 'version = "1"', 'version = "2"', id="metadata"),
    ],
)
def test_what_has_changed_brings_the_environment_up_to_date_once(
    checkout: Checkout, name: str, old: str, new: str
) -> None:
    changed = (checkout.root / name).read_text().replace(old, new)
    (checkout.root / name).write_text(changed)

    after, later = call(checkout.root, "tell"), call(checkout.root, "tell")

    assert after.returncode == 0
    assert MAKING in after.stderr
    assert later.stderr == ""


def test_an_old_python_is_told_in_one_line_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 14, "final", 0))

    with pytest.raises(SystemExit, match=r"^justw: needs Python 3\.11 or newer.* is 3\.10;.*$"):
        runpy.run_path(str(ROOT / "justw"))


def test_a_python_without_ensurepip_is_told_in_one_line_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = new_checkout(tmp_path)
    monkeypatch.setitem(sys.modules, "ensurepip", None)

    with pytest.raises(SystemExit, match=r"^justw: .* lacks ensurepip; .* python3-venv$"):
        runpy.run_path(str(root / "justw"), run_name="__main__")
