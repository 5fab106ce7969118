"""The tree of errors, and how what is wrong is collected."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

import latchkey.domain
from latchkey.domain.kernel.errors import (
    InvalidInputError,
    LatchkeyError,
    RetryLaterError,
    Violation,
    Violations,
)
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import SessionEndedError
from latchkey.domain.throttling.errors import TooManyAttemptsError


def every(error: type[LatchkeyError]) -> Iterator[type[LatchkeyError]]:
    """Name an error and all that descend from it."""
    yield error
    for each in error.__subclasses__():
        yield from every(each)


DOMAIN = Path(latchkey.domain.__file__).parent
for module in sorted(DOMAIN.glob("*/errors.py")):
    import_module(f"latchkey.domain.{module.parent.name}.errors")
ALL = [error for error in every(LatchkeyError) if error.__module__.startswith("latchkey.domain")]
CODED = [error for error in ALL if "code" in vars(error)]
FIRST, SECOND = Violation("email", "must be one"), Violation("name", "must be another")


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
