"""The contract as a document: `docs/flow.md`, read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
_STEP: Final = re.compile(r"\*\*([A-Z][0-9]+)\*\*")
_SHOWN_ELSEWHERE: Final = re.compile(r"\*\(shown in ([^)]+)\)\*")
_POINTER: Final = re.compile(r"shown in ([^)]+)\)")
_PROBLEM: Final = re.compile(r"^\| `([a-z_]+)` \| ([0-9]{3}) \|", re.MULTILINE)
_OPERATION: Final = re.compile(r"^\| \*\*F[0-9]+\*\* \| (GET|POST) (.*?) \|", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    """A promise that the document makes.

    Attributes:
        is_shown_elsewhere: Whether the document says that it can't be shown over HTTP.
    """

    id: str
    is_shown_elsewhere: bool


def steps() -> list[Step]:
    """Read the promises, each in the line where it is made."""
    return [
        Step(found[1], _SHOWN_ELSEWHERE.search(line) is not None)
        for line in _text().splitlines()
        for found in _STEP.finditer(line)
    ]


def pointers() -> Iterator[Path]:
    """Name what the document points to for what isn't shown over HTTP."""
    for found in _POINTER.finditer(_text()):
        yield ROOT / found[1]


def problem_codes() -> dict[str, int]:
    """Read the table of problems: code and status."""
    return {code: int(status) for code, status in _PROBLEM.findall(_text())}


def operations() -> list[tuple[str, str]]:
    """Read the table of operations: method and path."""
    return [
        (method, path)
        for method, paths in _OPERATION.findall(_text())
        for path in re.findall(r"`(/[a-z./<>]+)`", paths)
    ]


def _text() -> str:
    return (ROOT / "docs" / "flow.md").read_text(encoding="utf-8")
