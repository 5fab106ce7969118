from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from litestar.exceptions import MethodNotAllowedException, NotFoundException, ValidationException

from latchkey.domain.kernel.errors import InvalidInputError, LatchkeyError, Violation
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import SessionEndedError
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.problems.responses import Refusal, refusal_of
from latchkey.entrypoints.http.problems.table import PROBLEMS


def leaves(error: type[LatchkeyError]) -> Iterator[type[LatchkeyError]]:
    if "code" in vars(error):
        yield error
    for child in error.__subclasses__():
        yield from leaves(child)


LEAVES = list(leaves(LatchkeyError))


@pytest.mark.parametrize("error", LEAVES)
def test_each_domain_error_has_a_row_in_the_table(error: type[LatchkeyError]) -> None:
    assert error.code in PROBLEMS


def test_each_code_is_named_by_one_error_alone() -> None:
    codes = [error.code for error in LEAVES]

    assert len(codes) == len(set(codes))


@pytest.mark.requirement("AT-16")
@pytest.mark.parametrize("code", PROBLEMS)
def test_a_challenge_goes_with_every_401_and_its_error_with_what_rfc_6750_names(code: str) -> None:
    expected = {
        "access_token_invalid": 'Bearer realm="latchkey", error="invalid_token"',
        "insufficient_role": 'Bearer realm="latchkey", error="insufficient_scope"',
    }
    problem = PROBLEMS[code]
    default = 'Bearer realm="latchkey"' if problem.status == 401 else None

    assert problem.challenge == expected.get(code, default)


@pytest.mark.requirement("ER-1")
def test_the_body_is_problem_details_with_code_and_request_id() -> None:
    body = msgspec.json.decode(Refusal.of("not_found").body("request-1"))

    assert body == {
        "type": "/problems/not_found",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing at this path.",
        "code": "not_found",
        "requestId": "request-1",
    }


def test_invalid_input_names_each_field() -> None:
    refusal = refusal_of(InvalidInputError(Violation("email", "wrong"), Violation("name", "bad")))

    assert refusal.members == {
        "errors": [{"field": "email", "message": "wrong"}, {"field": "name", "message": "bad"}]
    }


def test_the_end_of_a_session_tells_its_reason() -> None:
    refusal = refusal_of(SessionEndedError(EndReason.LOGGED_OUT))

    assert refusal.members == {"reason": "logged_out"}


@pytest.mark.parametrize(
    ("wait", "header"),
    [
        (timedelta(milliseconds=1), b"1"),
        (timedelta(seconds=2.1), b"3"),
        (timedelta(90), b"7776000"),
    ],
)
def test_the_wait_is_told_in_whole_seconds_rounded_up(wait: timedelta, header: bytes) -> None:
    refusal = refusal_of(TooManyAttemptsError(wait))

    assert refusal.headers == ((b"retry-after", header),)


def test_what_the_framework_refuses_is_a_problem_of_the_table_too() -> None:
    not_allowed = MethodNotAllowedException(headers={"allow": "GET, OPTIONS"})
    misfit = ValidationException(extra=[{"message": "Expected `int`", "key": "limit"}])

    assert refusal_of(NotFoundException()).problem.code == "not_found"
    assert refusal_of(not_allowed).headers == ((b"allow", b"GET, HEAD, OPTIONS"),)
    assert refusal_of(misfit).members == {
        "errors": [{"field": "limit", "message": "Expected `int`"}]
    }


@pytest.mark.requirement("ER-2", "ER-8")
def test_what_nobody_foresaw_is_an_internal_error_that_tells_nothing() -> None:
    refusal = refusal_of(ZeroDivisionError("secret"))

    assert refusal.problem.code == "internal_error"
    assert b"secret" not in refusal.body("request-1")
