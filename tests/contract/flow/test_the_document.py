"""The document and its tests know each other: no promise without a test, no test without one."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from contract.flow.document import operations, pointers, problem_codes, steps
from latchkey.entrypoints.http.problems.table import PROBLEMS

OWN: Final = Path(__file__)


def _tests() -> Iterator[tuple[str, set[str]]]:
    """Name each test of the flow and the promises that it is tagged with."""
    for module in sorted(OWN.parent.glob("test_*.py")):
        if module == OWN:
            continue
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield f"{module.name}::{node.name}", _tags(node)


def _tags(test: ast.AsyncFunctionDef) -> set[str]:
    return {
        argument.value
        for decorator in test.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr == "step"
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def test_each_promise_has_one_id() -> None:
    counted = Counter(step.id for step in steps())

    assert {step for step, times in counted.items() if times > 1} == set()
    assert len(counted) > 100


def test_each_promise_has_a_test() -> None:
    tagged = {tag for _, tags in _tests() for tag in tags}

    promised = {step.id for step in steps() if not step.is_shown_elsewhere}

    assert promised - tagged == set()


def test_each_test_shows_a_promise_that_there_is() -> None:
    known = {step.id for step in steps()}

    assert {test: tags - known for test, tags in _tests() if not tags or tags - known} == {}


def test_what_is_shown_elsewhere_is_there() -> None:
    assert [path for path in pointers() if not path.exists()] == []


def test_the_documents_problems_are_the_services() -> None:
    assert problem_codes() == {error.code: row.status for error, row in PROBLEMS.items()}


def test_the_document_lists_operations() -> None:
    assert ("POST", "/api/auth/login") in operations()
    assert len(operations()) == 13
