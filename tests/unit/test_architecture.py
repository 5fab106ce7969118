"""The rules that a machine can hold the code to."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from importlinter.cli import lint_imports

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = sorted((ROOT / "src").rglob("*.py"))
INNER: Final = [path for path in SOURCES if path.parts[-2] in {"domain", "application"}]
ALL: Final = SOURCES + sorted((ROOT / "tests").rglob("*.py"))

MODULE_LINES: Final = 250
FUNCTION_LINES: Final = 25
SECRETIVE: Final = re.compile("secret|signature|digest|(?<![a-z])mac")
SPREADS_LOAD: Final = "src/adapters/postgres/access.py"
FORBIDDEN_NAMES: Final = {"utils", "helpers", "common", "manager", "base"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions_of(path: Path) -> Iterator[Function]:
    tree = ast.parse(path.read_text())
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def lines_of(function: Function) -> int:
    """Count the lines of a function below its signature and docstring."""
    has_docstring = ast.get_docstring(function) is not None
    statements = function.body[1:] if has_docstring else function.body
    if not statements:
        return 0
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1


def imported_by(path: Path) -> set[str]:
    """Name the top-level packages that a module imports."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {each.name for node in nodes if isinstance(node, ast.Import) for each in node.names}
    members = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | members}


def test_imports_follow_the_hexagon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert lint_imports(no_cache=True) == 0


@pytest.mark.parametrize("path", INNER, ids=name_of)
def test_domain_and_application_need_the_standard_library_alone(path: Path) -> None:
    foreign = imported_by(path) - sys.stdlib_module_names - {"domain", "application"}

    assert foreign == set()


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MODULE_LINES


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_function_can_be_seen_at_once(path: Path) -> None:
    long = {each.name for each in functions_of(path) if lines_of(each) > FUNCTION_LINES}

    assert long == set()


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_is_named_after_what_it_is_about(path: Path) -> None:
    assert not FORBIDDEN_NAMES & {part.removesuffix(".py") for part in path.parts}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_imports_what_it_needs(path: Path) -> None:
    assert "TYPE_CHECKING" not in path.read_text()


@pytest.mark.requirement("ER-7")
@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_secrets_are_compared_in_constant_time(path: Path) -> None:
    compared = {
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq)
    }

    in_python = {text for text in compared if "bindparam" not in text}  # the others are SQL

    assert {text for text in in_python if SECRETIVE.search(text)} == set()


@pytest.mark.requirement("ER-7")
def test_chance_comes_from_the_system_wherever_it_has_to_be_unknown() -> None:
    assert [name_of(path) for path in SOURCES if "random" in imported_by(path)] == [SPREADS_LOAD]
