"""Expectations that many tests share.

A test stops where its own promise is broken. If it notices that another promise is broken, for
example by a problem without a title, `check` notes this: the test goes on, and fails at its end. So
a deviation that all responses share breaks only one promise, and hides no other.
"""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
from typing_extensions import override

T = TypeVar("T")

USER_MEMBERS: Final = {"id", "email", "name", "role"}
PROBLEM_MEMBERS: Final = {"type", "title", "status", "detail", "code", "requestId"}
_ADDED: Final = {
    "invalid_request": {"errors"},
    "session_ended": {"reason"},
    "link_ended": {"reason"},
    "second_factor_required": {"challenge", "factors", "expiresIn", "rememberDeviceFor"},
}


class BrokenPromiseError(AssertionError):
    """A response is not what was promised.

    Attributes:
        promised: The promised response, in words.
        response: The response that came instead, with its request.
        promise: The id of the promise, or None for the first promise of the test.
    """

    def __init__(
        self, promised: str, response: httpx.Response, *, promise: str | None = None
    ) -> None:
        super().__init__(promised)
        self.promised = promised
        self.response = response
        self.promise = promise

    @override
    def __str__(self) -> str:
        request = self.response.request
        came = f"{self.response.status_code} {dict(self.response.headers)} {self.response.text}"
        promise = f"{self.promise}: " if self.promise else ""
        return f"{promise}{request.method} {request.url} promised {self.promised}; came {came}"


noted: Final[list[BrokenPromiseError]] = []
"""Other broken promises that the running test has noticed; emptied before each test."""


def check(promise: str, response: httpx.Response, promised: str, *, holds: bool) -> None:
    """Note a broken promise and go on."""
    if not holds:
        noted.append(BrokenPromiseError(promised, response, promise=promise))


def expect(response: httpx.Response, promised: str, *, holds: bool) -> None:
    """Fail the test unless the promise holds; `promised` is the promised response in words."""
    if not holds:
        raise BrokenPromiseError(promised, response)


def winner(wishes: Iterable[T], answers: Sequence[httpx.Response]) -> T:
    """Expect one of several requests to have succeeded, and return what it wished."""
    won = [each for each in zip(wishes, answers, strict=True) if each[1].is_success]
    last = won[-1][1] if won else answers[0]
    expect(last, "success for exactly one of the requests at once", holds=len(won) == 1)
    return won[0][0]


def assert_status(response: httpx.Response, *statuses: int) -> None:
    """Expect one of these statuses."""
    if response.status_code not in statuses:
        raise BrokenPromiseError(" or ".join(_named(status) for status in statuses), response)


def assert_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Expect a problem with a code, and return its members."""
    if response.status_code != status:
        raise BrokenPromiseError(f"{_named(status)}, code {code}", response)
    problem = json_object(response)
    kind = response.headers.get("content-type")
    is_problem = kind == "application/problem+json"
    check("P1", response, "Content-Type: application/problem+json", holds=is_problem)
    check("P1", response, f"the code {code}", holds=problem.get("code") == code)
    _check_members(response, problem, status)
    _check_latchkeys_members(response, problem, code)
    return problem


def _check_members(response: httpx.Response, problem: dict[str, Any], status: int) -> None:
    is_complete = bool(problem.get("title") and problem.get("detail"))
    check("P1", response, "a title and a detail", holds=is_complete)
    check("P1", response, f"the status {status} in the body", holds=problem.get("status") == status)


def _check_latchkeys_members(response: httpx.Response, problem: dict[str, Any], code: str) -> None:
    members = PROBLEM_MEMBERS | _ADDED.get(code, set())
    listed = ", ".join(sorted(members))
    check("P5", response, f"exactly the members {listed}", holds=set(problem) == members)
    request_id = response.headers.get("x-request-id")
    is_same = problem.get("requestId") == request_id
    check("P5", response, "the requestId that X-Request-ID says", holds=is_same)
    is_named = problem.get("type") == f"/problems/{code}"
    check("P2", response, f"the type /problems/{code}", holds=is_named)


def assert_invalid(response: httpx.Response, *fields: str) -> None:
    """Expect a 400 that names these fields, and no others."""
    errors = assert_problem(response, 400, "invalid_request").get("errors") or []
    named = {error.get("field") for error in errors}
    listed = ", ".join(sorted(fields))
    check("K8", response, f"errors about exactly {listed}", holds=named == set(fields))
    has_form = all(set(error) == {"field", "message"} and error["message"] for error in errors)
    check("K8", response, "errors of the form {field, message}", holds=has_form)


def assert_ended(response: httpx.Response, reason: str) -> None:
    """Expect a refresh to be rejected because its session has ended."""
    problem = assert_problem(response, 401, "session_ended")
    check("S2", response, f"the reason {reason}", holds=problem.get("reason") == reason)
    check_no_cookie(response, "R11")


def assert_link_ended(response: httpx.Response, reason: str) -> None:
    """Expect a link to be rejected because it is no longer good."""
    problem = assert_problem(response, 410, "link_ended")
    expect(response, f"the reason {reason}", holds=problem.get("reason") == reason)
    check_no_cookie(response, "LK10")


def assert_retry_later(response: httpx.Response, status: int, code: str) -> int:
    """Expect a response that tells the client to wait, and return the seconds."""
    assert_problem(response, status, code)
    text = response.headers.get("retry-after", "")
    is_number = text.isascii() and text.isdigit() and int(text) >= 1
    check("K11", response, "Retry-After in whole seconds, at least 1", holds=is_number)
    return int(text) if is_number else 1


def assert_challenge(response: httpx.Response, *, error: str | None = None) -> None:
    """Expect a Bearer challenge, and its error code if there is one (RFC 6750, section 3)."""
    challenge = response.headers.get("www-authenticate", "")
    if error and f'error="{error}"' not in challenge:
        raise BrokenPromiseError(f'WWW-Authenticate with error="{error}"', response)
    has_realm = challenge.startswith('Bearer realm="')
    check("K16", response, 'WWW-Authenticate: Bearer realm="…"', holds=has_realm)


def constant_body(response: httpx.Response) -> bytes:
    """Return the body without its request id."""
    return response.content.replace(response.headers.get("x-request-id", "-").encode(), b"-")


def check_no_cookie(response: httpx.Response, promise: str) -> None:
    """Note a response that sets or clears a cookie."""
    check(promise, response, "no Set-Cookie header", holds="set-cookie" not in response.headers)


def json_object(response: httpx.Response) -> dict[str, Any]:
    """Return the members of a JSON object; none if the body is anything else."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def member(response: httpx.Response, name: str) -> str:
    """Return a member of the response's JSON object, which must be a string."""
    value = json_object(response).get(name)
    if not isinstance(value, str):
        raise BrokenPromiseError(f"a JSON object with the string {name}", response)
    return value


def assert_is_id(text: str) -> None:
    """Expect a UUID in its canonical spelling."""
    assert str(UUID(text)) == text


def _named(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"
