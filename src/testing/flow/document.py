"""The flow as a document: `flow.md`, parsed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.resources import files
from typing import Final

_PROMISE: Final = re.compile(r"\*\*([A-Z]{1,2}[0-9]+)\*\*( \*\(latchkey\)\*)?")
_NONE: Final = "\N{EN DASH}"
_NOTE: Final = re.compile(r" *\*\([^)]*\)\*")
_ELSEWHERE: Final = re.compile(r"\*\(shown in ([^)]+)\)\*")
_POINTER: Final = re.compile(r"shown in ([^)]+)\)")
_PROBLEM: Final = re.compile(r"^\| `([a-z_]+)` \| ([0-9]{3}) \|", re.MULTILINE)
_OPERATION: Final = re.compile(r"^\| \*\*F[0-9]+\*\*[^|]* \| (GET|POST) (.*?) \|", re.MULTILINE)


class Profile(StrEnum):
    """Which promises a deployment has to keep."""

    FLOW = "flow"
    """Those that every implementation of the flow makes."""
    LATCHKEY = "latchkey"
    """All of them: also those that Latchkey alone makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise that the document makes.

    Attributes:
        id: One or two letters and a number, such as R4.
        section: The heading of its section, without the letters.
        words: The promise in one line of plain text.
        profile: FLOW if every implementation of the flow makes it, LATCHKEY if only Latchkey does.
        elsewhere: The test that shows it, if it cannot be shown over HTTP; otherwise None.
    """

    id: str
    section: str
    words: str
    profile: Profile
    elsewhere: str | None

    @property
    def letters(self) -> str:
        """The letters of the id, which a section shares."""
        return self.id.rstrip("0123456789")


def promises() -> list[Promise]:
    """Return the promises in the document's order."""
    found: list[Promise] = []
    section, columns = "", list[str]()
    for line in _text().splitlines():
        if line.startswith("#"):
            section, columns = line.lstrip("# ").rpartition(": ")[2], []
        elif made := _PROMISE.search(line):
            found.append(_promise(line, made, section, columns))
        elif line.startswith("| | "):
            found[-1] = replace(found[-1], words=f"{found[-1].words}; {_plain_row(line, columns)}")
        elif line.startswith("| id "):
            columns = _cells(line)[1:]
    return found


def pointers() -> Iterator[str]:
    """Yield the path of each test that the document points to."""
    for found in _POINTER.finditer(_text()):
        yield found[1]


def problem_codes() -> dict[str, int]:
    """Return the table of problems: status by code."""
    return {code: int(status) for code, status in _PROBLEM.findall(_text())}


def operations() -> list[tuple[str, str]]:
    """Return the table of operations: method and path."""
    return [
        (method, path)
        for method, paths in _OPERATION.findall(_text())
        for path in re.findall(r"`(/[a-z./<>{}-]+)`", paths)
    ]


def _promise(line: str, made: re.Match[str], section: str, columns: list[str]) -> Promise:
    elsewhere = _ELSEWHERE.search(line)
    in_table = line.startswith("|")
    return Promise(
        id=made[1],
        section=section,
        words=_plain_row(line, columns) if in_table else _plain(line[made.end() :]),
        profile=Profile.LATCHKEY if made[2] else Profile.FLOW,
        elsewhere=elsewhere[1] if elsewhere else None,
    )


def _plain_row(line: str, columns: list[str]) -> str:
    cells = [_plain(cell) for cell in _cells(line)[1:]]
    pairs = zip(columns, cells, strict=True)
    return "; ".join(f"{column}: {cell}" for column, cell in pairs if cell not in {"", _NONE})


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip()[1:-1].split(" | ")]


def _plain(text: str) -> str:
    return re.sub(r"[*`]", "", _NOTE.sub("", text)).strip()


def _text() -> str:
    return (files(__package__) / "flow.md").read_text(encoding="utf-8")
