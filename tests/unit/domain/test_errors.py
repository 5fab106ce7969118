"""The tree of errors, and how what is wrong is collected."""

import inspect
import re
from datetime import timedelta

import pytest

import domain.errors
from domain.errors import (
    EndReason,
    InvalidInputError,
    LatchkeyError,
    RetryLaterError,
    SessionEndedError,
    TooManyAttemptsError,
    Violation,
    Violations,
)

ALL = [
    error
    for _, error in inspect.getmembers(domain.errors, inspect.isclass)
    if issubclass(error, LatchkeyError)
]
CODED = [error for error in ALL if "code" in vars(error)]
FIRST, SECOND = Violation("email", "must be one"), Violation("name", "must be another")


def drawn() -> list[tuple[str, str, str]]:
    """Read parent, name and code of each error from the drawing in the module's docstring."""
    ancestors, rows = ["LatchkeyError"], []
    for line in (domain.errors.__doc__ or "").splitlines():
        if branch := re.fullmatch(r"([│ ]*)[├└]── (\w+) *(.*)", line.removeprefix(" " * 4)):
            indent, name, code = branch.groups()
            del ancestors[1 + len(indent) // 4 :]
            rows.append((ancestors[-1], name, code))
            ancestors.append(name)
    return rows


def test_the_tree_is_as_it_is_drawn() -> None:
    expected = {
        (error.__bases__[0].__name__, error.__name__) for error in ALL if error is not LatchkeyError
    }

    assert {(parent, name) for parent, name, _ in drawn()} == expected


def test_each_code_is_the_one_that_is_drawn_beside_its_error() -> None:
    codes = {name: code for _, name, code in drawn()}

    assert [codes[error.__name__] for error in CODED] == [error.code for error in CODED]


def test_no_two_errors_have_the_same_code() -> None:
    assert len({error.code for error in CODED}) == len(CODED)


def test_every_error_that_is_raised_has_a_code() -> None:
    leaves = [error for error in ALL if not error.__subclasses__()]

    assert all(leaf.code for leaf in leaves)


def test_checks_go_on_after_one_that_fails() -> None:
    violations = Violations()
    with violations:
        raise InvalidInputError(FIRST)
    with violations:
        pass
    with violations:
        raise InvalidInputError(SECOND)

    with pytest.raises(InvalidInputError) as refusal:
        violations.raise_if_any()

    assert refusal.value.violations == (FIRST, SECOND)


def test_checks_that_find_nothing_raise_nothing() -> None:
    violations = Violations()
    with violations:
        pass

    violations.raise_if_any()


def test_a_check_lets_any_other_error_through() -> None:
    violations = Violations()

    with pytest.raises(ZeroDivisionError), violations:
        raise ZeroDivisionError


def test_an_invalid_input_says_all_that_is_wrong() -> None:
    assert str(InvalidInputError(FIRST, SECOND)) == "email: must be one; name: must be another"


@pytest.mark.parametrize("reason", EndReason)
def test_the_end_of_a_session_says_why(reason: EndReason) -> None:
    assert SessionEndedError(reason).reason is reason


def test_a_refusal_for_now_says_how_long_to_wait() -> None:
    wait = timedelta(seconds=90)

    assert TooManyAttemptsError(wait).retry_after == wait
    assert TooManyAttemptsError().retry_after > timedelta(0)
    assert issubclass(TooManyAttemptsError, RetryLaterError)
