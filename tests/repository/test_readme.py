"""The README, taken at its word: its walk is walked, its examples are the tested ones."""

import re
from pathlib import Path
from typing import Final

import pytest

from repository.service import served
from repository.walk import STEP, blocks, strays, walked

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
WALK: Final = "".join(blocks(README, "sh walk"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Walk through the README in one shell; give what each step printed."""
    with served() as url:
        return walked(WALK, tmp_path_factory.mktemp("walk"), {ADDRESS: url})


def test_the_walk_shows_what_the_readme_says(told: list[str]) -> None:
    assert strays(WALK, told) == []


def test_the_walk_has_no_command_whose_answer_is_not_shown() -> None:
    assert STEP.sub("", WALK) == ""


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_the_tested_one(name: str) -> None:
    project = SHOP if (SHOP / name).exists() else SHOP.parent
    tested = (project / name).read_text()

    [shown] = blocks(README, f"python {name}")

    assert f"\n{shown}" in tested


def test_each_python_block_is_an_example_that_is_tested() -> None:
    assert re.findall(r"^```python ?(.*)$", README, re.MULTILINE) == EXAMPLES
