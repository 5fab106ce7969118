"""What the OpenAPI document says of problems, taken from their table."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import groupby
from operator import attrgetter
from typing import Final

from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from latchkey.entrypoints.http.problems.schemas import ProblemBody
from latchkey.entrypoints.http.problems.table import PROBLEMS, Problem

_MEMBERS: Final[Mapping[str, Mapping[str, object]]] = {
    "invalid_request": {"errors": [{"field": "email", "message": "must be a string"}]},
    "session_ended": {"reason": "logged_out"},
}
NO_SECURITY: Final[list[dict[str, list[str]]]] = [{}]
COOKIE: Final[list[dict[str, list[str]]]] = [{"refreshCookie": []}]
COOKIE_IF_ANY: Final[list[dict[str, list[str]]]] = [*COOKIE, *NO_SECURITY]
SETS_COOKIE: Final = [
    ResponseHeader(
        name="Set-Cookie",
        description="The refresh token: `HttpOnly; Path=/api/auth; SameSite=Strict; Max-Age=…`",
        required=True,
        value="refresh_token=…",
        documentation_only=True,
    )
]

HEADERS: Final[Mapping[str, Mapping[str, object]]] = {
    "X-Request-ID": {
        "description": "The request's own, if it had a good one.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    },
    "WWW-Authenticate": {
        "description": "A Bearer challenge (RFC 6750, section 3).",
        "required": True,
        "schema": {"type": "string", "pattern": "^Bearer realm="},
    },
    "Retry-After": {
        "description": "Seconds to wait.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
}


def headers_of(status: HTTPStatus) -> Iterator[str]:
    """Name the headers that each answer of a status carries, whatever the operation."""
    yield "X-Request-ID"
    if status is HTTPStatus.UNAUTHORIZED:
        yield "WWW-Authenticate"
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        yield "Retry-After"


def problems(*codes: str) -> Mapping[int, ResponseSpec]:
    """Declare the problems of an operation, an answer for each status, an example for each code."""
    wanted = {*codes, "internal_error"}
    found = sorted(
        (problem for problem in PROBLEMS.values() if problem.code in wanted),
        key=attrgetter("status"),
    )
    return {status: _answer([*group]) for status, group in groupby(found, key=attrgetter("status"))}


def _answer(group: list[Problem]) -> ResponseSpec:
    return ResponseSpec(
        data_container=ProblemBody,
        generate_examples=False,
        description=HTTPStatus(group[0].status).phrase,
        media_type="application/problem+json",
        examples=[_example(problem) for problem in group],
    )


def _example(problem: Problem) -> Example:
    value = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "requestId": "5f0c2a4e8d7b4b0c9a3e1d2c3b4a5968",
        **_MEMBERS.get(problem.code, {}),
    }
    return Example(id=problem.code, summary=problem.title, description=problem.advice, value=value)
