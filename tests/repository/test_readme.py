"""The README, taken at its word: its walk is walked, its examples are the tested ones."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from repository.service import served

ROOT: Final = Path(__file__).parents[2]
README: Final = (ROOT / "README.md").read_text()
SHOP: Final = ROOT / "tests" / "examples" / "shop"
EXAMPLES: Final = [
    "entrypoints/asgi.py",
    "tests/conftest.py",
    "tests/test_sqlite_orders.py",
    "tests/test_orders.py",
    "tests/test_spending.py",
    "orders.py",
]
ADDRESS: Final = "http://127.0.0.1:8000"
ANYTHING: Final = "…"
STEP: Final = re.compile(r"((?:^[^#\n].*\n)+)^# (.+)\n", re.MULTILINE)
SEEN: Final = "\x1e"


def blocks(language: str) -> list[str]:
    """Find the fenced blocks whose first line is as given."""
    return re.findall(rf"^```{re.escape(language)}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def steps() -> Iterator[tuple[str, str]]:
    """Give each command of the walk, with those before it that print nothing, and its answer."""
    for commands, answer in STEP.findall("".join(blocks("sh walk"))):
        yield commands, answer.replace(f", {ANYTHING}}}", f', "{ANYTHING}": "{ANYTHING}"}}')


def is_like(told: object, documented: object) -> bool:
    """Compare, where "…" stands for anything, and as a member for any others."""
    if documented == ANYTHING:
        return bool(told)
    if not isinstance(documented, dict) or not isinstance(told, dict):
        return told == documented
    wanted = {name: value for name, value in documented.items() if name != ANYTHING}
    if ANYTHING not in documented and told.keys() != wanted.keys():
        return False
    return all(name in told and is_like(told[name], value) for name, value in wanted.items())


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Walk through the README in one shell; give what each step printed."""
    script = "".join(f"{commands}printf '{SEEN}'\n" for commands, _ in steps())
    with served() as url:
        walked = subprocess.run(  # noqa: S603 - the README's own commands
            ["/usr/bin/env", "bash", "-euo", "pipefail", "-c", script.replace(ADDRESS, url)],
            cwd=tmp_path_factory.mktemp("walk"),
            capture_output=True,
            text=True,
            check=False,
        )
    assert walked.returncode == 0, walked.stderr
    return walked.stdout.split(SEEN)[:-1]


def test_the_walk_shows_what_the_readme_says(told: list[str]) -> None:
    documented = list(steps())

    strays = [
        (commands, answer, printed)
        for (commands, answer), printed in zip(documented, told, strict=True)
        if not is_like(_read(printed), json.loads(answer))
    ]

    assert strays == []


def test_the_walk_has_no_command_whose_answer_is_not_shown() -> None:
    walk = "".join(blocks("sh walk"))

    assert STEP.sub("", walk) == ""


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_the_tested_one(name: str) -> None:
    project = SHOP if (SHOP / name).exists() else SHOP.parent
    tested = (project / name).read_text()

    [shown] = blocks(f"python {name}")

    assert f"\n{shown}" in tested


def test_each_python_block_is_an_example_that_is_tested() -> None:
    assert re.findall(r"^```python ?(.*)$", README, re.MULTILINE) == EXAMPLES


def _read(printed: str) -> object:
    try:
        answer: object = json.loads(printed)
    except ValueError:
        return printed.strip()
    return answer
