"""The document and the suite agree: no promise without a test, no test without a promise."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from latchkey.entrypoints.http.problems.table import PROBLEMS
from latchkey.testing.flow.document import (
    Profile,
    operations,
    pointers,
    problem_codes,
    promises,
)

SUITE: Final = Path(__file__).parent / "suite"
ROOT: Final = Path(__file__).parents[3]


def _tests() -> Iterator[tuple[str, set[str]]]:
    """Yield each test of the suite and the promises that it is marked with."""
    for module in sorted(SUITE.glob("test_*.py")):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield f"{module.name}::{node.name}", _marks(node)


def _marks(test: ast.AsyncFunctionDef) -> set[str]:
    return {
        argument.value
        for decorator in test.decorator_list
        for call in ast.walk(decorator)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "promise"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def test_each_promise_has_one_id() -> None:
    counted = Counter(promise.id for promise in promises())

    assert {promise for promise, times in counted.items() if times > 1} == set()
    assert len(counted) > 100


def test_each_promise_is_read_with_its_words() -> None:
    words = {promise.id: promise.words for promise in promises()}

    assert words["R11"].startswith("A failed refresh never sets or clears the cookie, so a late")
    assert words["R1"].startswith("presented token: no refresh token cookie, or an empty one;")
    assert "no genuine token" in words["R1"]
    assert (
        words["F4"]
        == "operation: GET /api/auth/me; needs: Bearer; success: 200 {id, email, name, role}"
    )
    assert {
        promise for promise, text in words.items() if "(shown in" in text or "**" in text
    } == set()


def test_a_mark_tells_which_promises_only_latchkey_makes() -> None:
    profiles = {promise.id: promise.profile for promise in promises()}

    assert (profiles["R11"], profiles["R14"]) == (Profile.FLOW, Profile.LATCHKEY)
    assert {profiles[f"N{number}"] for number in range(1, 13)} == {Profile.LATCHKEY}


def test_each_promise_has_a_test() -> None:
    marked = {mark for _, marks in _tests() for mark in marks}

    promised = {promise.id for promise in promises() if promise.elsewhere is None}

    assert promised - marked == set()


def test_each_test_shows_a_promise_that_there_is() -> None:
    known = {promise.id for promise in promises()}

    assert {test: marks - known for test, marks in _tests() if not marks or marks - known} == {}


def test_each_promise_that_is_shown_elsewhere_names_a_test_that_there_is() -> None:
    assert [path for path in pointers() if not (ROOT / path).exists()] == []


def test_the_documents_problems_are_the_services() -> None:
    assert problem_codes() == {error.code: row.status for error, row in PROBLEMS.items()}


def test_the_document_lists_operations() -> None:
    assert ("POST", "/api/auth/login") in operations()
    assert len(operations()) == 63
