"""The guide for verifiers shows the files that the tests run."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
GUIDE: Final = ROOT / "docs" / "verifying.md"
SHOWN: Final = re.compile(
    r"^`(docs/verifiers/[\w.-]+)`[^\n]*:\n\n```\w+\n(.*?)```$", re.MULTILINE | re.DOTALL
)
PINS: Final = {"package.json", "package-lock.json", "requirements.txt", "requirements.lock"}
FILES: Final = [
    path for path in sorted((ROOT / "docs" / "verifiers").glob("*.*")) if path.name not in PINS
]
LONGEST: Final = 30  # lines that are not empty


def test_the_guide_shows_each_file_as_it_is() -> None:
    shown = dict(SHOWN.findall(GUIDE.read_text()))

    assert shown == {str(path.relative_to(ROOT)): path.read_text() for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_verifier_is_short(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if line.strip()]

    assert len(lines) <= LONGEST
