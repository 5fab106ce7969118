"""docs/security.md read and written: its requirements, and the tests that are tagged with them.

Run as a program it writes the column of tests anew, from the tags: `just security`.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = ROOT / "docs" / "security.md"
MARKER: Final = "requirement"
NONE: Final = "none"

_ROW: Final = re.compile(
    r"^\| \*\*(?P<id>[A-Z]{2}-[0-9]+)\*\* \| (?P<priority>P[0-2]) \| (?P<done>.*)"
    r" \| (?P<tests>[^|]*) \|$",
    re.MULTILINE,
)
_CITED: Final = re.compile(r"\((?P<ids>[DN][0-9]+(?:, [DN][0-9]+)*)\)")
_NOTE: Final = re.compile(r"^- \*\*([DN][0-9]+)\*\* \(([A-Z0-9, -]+)\) ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A row of the document.

    Attributes:
        priority: P0, P1 or P2.
        done: What is done about it.
        tests: The last cell, as it is written.
    """

    id: str
    priority: str
    done: str
    tests: str

    @property
    def notes(self) -> list[str]:
        """The notes that the row cites: D1 for a deviation, N1 for what doesn't apply."""
        return [note for cited in _CITED.finditer(self.done) for note in cited["ids"].split(", ")]


def requirements() -> list[Requirement]:
    """Read the rows, in their order."""
    return [Requirement(**found.groupdict()) for found in _ROW.finditer(_text())]


def notes() -> list[tuple[str, set[str]]]:
    """Read which notes the document argues, each with the requirements that it is about."""
    return [(note, set(about.split(", "))) for note, about in _NOTE.findall(_text())]


def tags() -> dict[str, list[str]]:
    """Find the tests of each requirement, by what they are tagged with.

    Returns:
        `path::name` of each, or `path` of a whole module, sorted, by the id that stands in the
        tag, known or not.
    """
    found: dict[str, list[str]] = {}
    suite = ROOT / "tests" / "contract" / "flow" / "suite"  # a link, which rglob leaves out
    ports = ROOT / "src" / "testing" / "ports"
    tests = [*(ROOT / "tests").rglob("*.py"), *suite.glob("*.py"), *ports.rglob("*.py")]
    for path in sorted(tests):
        for name, identifier in _tagged_in(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(identifier, []).append(f"{path.relative_to(ROOT)}{name}")
    return {identifier: sorted(tests) for identifier, tests in found.items()}


def cell(tests: list[str]) -> str:
    """Write the cell of a requirement's tests."""
    return "<br>".join(f"`{test}`" for test in tests) or NONE


def rewrite() -> None:
    """Write the column of tests anew and leave the rest as it is."""
    tagged = tags()

    def row(found: re.Match[str]) -> str:
        cells = (f"**{found['id']}**", found["priority"], found["done"])
        return f"| {' | '.join(cells)} | {cell(tagged.get(found['id'], []))} |"

    DOCUMENT.write_text(_ROW.sub(row, _text()), encoding="utf-8")


def _tagged_in(module: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from ((f"::{node.name}", tag) for tag in _tags_in(*node.decorator_list))
            case ast.Assign(targets=[ast.Name(id="pytestmark")]):
                yield from (("", tag) for tag in _tags_in(node.value))


def _tags_in(*marks: ast.expr) -> Iterator[str]:
    for node in (node for mark in marks for node in ast.walk(mark)):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name == MARKER:
                yield from (str(ast.literal_eval(argument)) for argument in node.args)


def _text() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


if __name__ == "__main__":
    rewrite()
