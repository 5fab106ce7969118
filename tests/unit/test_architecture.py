"""The rules that a machine can hold the code to; each test names every file that breaks one."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = sorted((ROOT / "src").rglob("*.py"))
INNER: Final = [
    path for path in SOURCES if path.parts[len(ROOT.parts) + 1] in {"domain", "application"}
]
ALL: Final = SOURCES + sorted((ROOT / "tests").rglob("*.py"))

MODULE_LINES: Final = 250
FUNCTION_LINES: Final = 25
SECRETIVE: Final = re.compile("secret|signature|digest|(?<![a-z])mac")
IN_SQL: Final = re.compile(r"bindparam|\.c\.")
SPREADS_LOAD: Final = "src/adapters/postgres/engine/access.py"
FORBIDDEN_NAMES: Final = {"utils", "helpers", "common", "manager", "base"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text())))


def lines_of(function: Function) -> int:
    """Count the lines of a function below its signature and docstring."""
    has_docstring = ast.get_docstring(function) is not None
    statements = function.body[1:] if has_docstring else function.body
    if not statements:
        return 0
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1


def long_functions(path: Path) -> Iterator[str]:
    for node in nodes_of(path):
        if isinstance(node, Function) and lines_of(node) > FUNCTION_LINES:
            yield f"{name_of(path)}: {node.name}"


def imported_by(path: Path) -> set[str]:
    """Name the top-level packages that a module imports."""
    nodes = nodes_of(path)
    plain = {each.name for node in nodes if isinstance(node, ast.Import) for each in node.names}
    members = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | members}


def compared_secrets(path: Path) -> Iterator[str]:
    """Name the comparisons whose time depends on a secret; those of SQL are not in Python."""
    for node in nodes_of(path):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            text = ast.unparse(node)
            if SECRETIVE.search(text) and not IN_SQL.search(text):
                yield f"{name_of(path)}: {text}"


def test_imports_follow_the_hexagon() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run(  # noqa: S603 - in a process of its own: it disables our loggers
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stdout


def test_domain_and_application_import_the_standard_library_only() -> None:
    allowed = sys.stdlib_module_names | {"latchkey"}

    assert {name_of(path): imported_by(path) - allowed for path in INNER} == {
        name_of(path): set() for path in INNER
    }


def test_the_client_imports_what_its_extra_declares_and_nothing_else() -> None:
    allowed = sys.stdlib_module_names | {"latchkey", "anyio", "httpx", "typing_extensions"}
    client = [path for path in SOURCES if path.is_relative_to(ROOT / "src" / "client")]

    assert client
    assert {name for path in client for name in imported_by(path)} <= allowed


def test_no_module_is_longer_than_one_sitting() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in ALL}

    assert {name: lines for name, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_no_function_is_longer_than_one_screen() -> None:
    assert [each for path in SOURCES for each in long_functions(path)] == []


def test_every_module_is_named_after_what_it_is_about() -> None:
    stems = {name_of(path): {part.removesuffix(".py") for part in path.parts} for path in SOURCES}

    assert [name for name, parts in stems.items() if FORBIDDEN_NAMES & parts] == []


def test_every_module_imports_what_it_needs_at_run_time() -> None:
    assert [name_of(path) for path in SOURCES if "TYPE_CHECKING" in path.read_text()] == []


@pytest.mark.requirement("ER-7")
def test_secrets_are_compared_in_constant_time() -> None:
    assert [each for path in SOURCES for each in compared_secrets(path)] == []


@pytest.mark.requirement("ER-7")
def test_unpredictable_randomness_comes_from_the_system() -> None:
    assert [name_of(path) for path in SOURCES if "random" in imported_by(path)] == [SPREADS_LOAD]
