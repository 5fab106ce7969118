"""What the documents say about the repository: decisions have their form, and paths exist."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
DECISIONS: Final = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
DOCUMENTS: Final = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
SECTIONS: Final = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]
SCREEN: Final = 50  # lines
PATH: Final = re.compile(r"`((?:src|tests|docs|deploy|frontend|bench|\.ci)/[\w./-]*)`")
LINK: Final = re.compile(r"\]\((?!https?:)([^)#]+)")
ANCHOR: Final = re.compile(r"\]\((?!https?:)([^)#]*)#([^)]+)\)")
CODE: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
JUST: Final = Path(sys.executable).with_name("just")
RECIPE: Final = re.compile(r"\./justw ([a-z][a-z-]*)")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", DECISIONS, ids=name_of)
def test_a_decision_has_its_sections_on_one_screen(path: Path) -> None:
    text = path.read_text()

    title, *sections = re.findall(r"^#+ (.+)$", text, re.MULTILINE)

    assert title.startswith(f"{path.name[:4]}. ")
    assert sections == SECTIONS
    assert len(text.splitlines()) <= SCREEN


def test_decisions_are_numbered_without_gaps_and_indexed_in_order() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text()

    listed = re.findall(r"^- \[(\d{4})\]\((.+?)\): \S", index, re.MULTILINE)

    numbers = [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    assert listed == list(zip(numbers, [path.name for path in DECISIONS], strict=True))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_what_a_document_points_at_is_there(path: Path) -> None:
    text = path.read_text()

    targets = [ROOT / named for named in PATH.findall(text)]
    targets += [path.parent / link for link in LINK.findall(text)]

    assert [str(target) for target in targets if not target.exists()] == []


def headings(path: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a document."""
    prose = CODE.sub("", path.read_text())
    titles = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_a_heading_that_a_document_points_at_is_there(path: Path) -> None:
    anchors = [
        (path.parent / document if document else path, anchor)
        for document, anchor in ANCHOR.findall(path.read_text())
        if not document or document.endswith(".md")
    ]

    missing = [f"{to}#{anchor}" for to, anchor in anchors if anchor not in headings(to)]

    assert missing == []


def test_a_recipe_that_a_document_names_is_in_the_justfile() -> None:
    named = {recipe for path in DOCUMENTS for recipe in RECIPE.findall(path.read_text())}

    listed = subprocess.run(  # noqa: S603 - our own justfile
        [JUST, "--justfile", ROOT / "justfile", "--summary"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert named
    assert named <= set(listed.stdout.split())
