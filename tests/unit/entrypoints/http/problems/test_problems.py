from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from litestar.exceptions import MethodNotAllowedException, NotFoundException, ValidationException

from latchkey.domain.accounts.errors import InsufficientRoleError
from latchkey.domain.factors.errors import ReauthenticationRequiredError
from latchkey.domain.kernel.errors import InvalidInputError, LatchkeyError, NotFoundError, Violation
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import (
    AccessTokenInvalidError,
    RefreshTokenNeverIssuedError,
    SessionEndedError,
)
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.problems.declared import problems
from latchkey.entrypoints.http.problems.responses import problem_response
from latchkey.entrypoints.http.problems.table import PROBLEMS


def leaves(error: type[LatchkeyError]) -> Iterator[type[LatchkeyError]]:
    if "code" in vars(error):
        yield error
    for child in error.__subclasses__():
        yield from leaves(child)


LEAVES = [each for each in leaves(LatchkeyError) if each.__module__.startswith("latchkey.")]


@pytest.mark.parametrize("error", LEAVES)
def test_each_error_with_a_code_has_a_problem_of_its_own(error: type[LatchkeyError]) -> None:
    assert error in PROBLEMS


def test_no_two_errors_have_the_same_code() -> None:
    codes = [error.code for error in LEAVES]

    assert len(codes) == len(set(codes))


def test_an_error_without_a_code_of_its_own_has_the_problem_of_its_ancestor() -> None:
    response = problem_response(RefreshTokenNeverIssuedError())

    assert (response.code, response.problem) == ("session_ended", PROBLEMS[SessionEndedError])


def test_declaring_an_error_that_has_no_problem_fails() -> None:
    class UnknownError(LatchkeyError):
        code = "unknown"

    with pytest.raises(KeyError):
        problems(UnknownError)


@pytest.mark.requirement("AT-16")
@pytest.mark.parametrize("error", PROBLEMS)
def test_a_challenge_goes_with_every_401_and_its_error_with_what_the_rfcs_name(
    error: type[LatchkeyError],
) -> None:
    expected = {
        AccessTokenInvalidError: 'Bearer realm="latchkey", error="invalid_token"',
        InsufficientRoleError: 'Bearer realm="latchkey", error="insufficient_scope"',
        ReauthenticationRequiredError: (
            'Bearer realm="latchkey", error="insufficient_user_authentication"'
        ),
    }
    default = 'Bearer realm="latchkey"' if PROBLEMS[error].status == 401 else None

    assert PROBLEMS[error].challenge == {**expected}.get(error, default)


@pytest.mark.requirement("ER-1")
def test_the_body_is_problem_details_with_code_and_request_id() -> None:
    body = msgspec.json.decode(problem_response(NotFoundError()).body("request-1"))

    assert body == {
        "type": "/problems/not_found",
        "title": "Not found",
        "status": 404,
        "detail": "Nothing exists at this path.",
        "code": "not_found",
        "requestId": "request-1",
    }


def test_invalid_input_names_each_field() -> None:
    response = problem_response(
        InvalidInputError(Violation("email", "wrong"), Violation("name", "bad"))
    )

    assert response.members == {
        "errors": [{"field": "email", "message": "wrong"}, {"field": "name", "message": "bad"}]
    }


def test_the_end_of_a_session_tells_its_reason() -> None:
    response = problem_response(SessionEndedError(EndReason.LOGGED_OUT))

    assert response.members == {"reason": "logged_out"}


@pytest.mark.parametrize(
    ("wait", "header"),
    [
        (timedelta(milliseconds=1), b"1"),
        (timedelta(seconds=2.1), b"3"),
        (timedelta(90), b"7776000"),
    ],
)
def test_the_wait_is_told_in_whole_seconds_rounded_up(wait: timedelta, header: bytes) -> None:
    response = problem_response(TooManyAttemptsError(wait))

    assert response.headers == ((b"retry-after", header),)


def test_what_the_framework_refuses_is_a_problem_of_the_table_too() -> None:
    not_allowed = MethodNotAllowedException(headers={"allow": "GET, OPTIONS"})
    misfit = ValidationException(extra=[{"message": "Expected `int`", "key": "limit"}])

    assert problem_response(NotFoundException()).code == "not_found"
    assert problem_response(not_allowed).headers == ((b"allow", b"GET, HEAD, OPTIONS"),)
    assert problem_response(misfit).members == {
        "errors": [{"field": "limit", "message": "Expected `int`"}]
    }


@pytest.mark.requirement("ER-2", "ER-8")
def test_what_nobody_foresaw_is_an_internal_error_that_tells_nothing() -> None:
    response = problem_response(ZeroDivisionError("secret"))

    assert response.code == "internal_error"
    assert b"secret" not in response.body("request-1")
