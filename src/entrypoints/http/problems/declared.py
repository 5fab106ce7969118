"""What routes declare for the OpenAPI document: problems, credentials and headers."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import groupby
from typing import Final, Self

from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from latchkey.domain.kernel.errors import InvalidInputError, LatchkeyError
from latchkey.domain.sessions.errors import AccessTokenInvalidError, AccessTokenMissingError
from latchkey.entrypoints.http.problems.errors import (
    ContentTooLargeError,
    HeadersTooLargeError,
    InternalError,
    UnsupportedMediaTypeError,
    UriTooLongError,
)
from latchkey.entrypoints.http.problems.problem import Problem, type_of
from latchkey.entrypoints.http.problems.schemas import ProblemBody
from latchkey.entrypoints.http.problems.table import PROBLEMS

Row = tuple[type[LatchkeyError], Problem]

ALWAYS: Final = (UriTooLongError, HeadersTooLargeError, InternalError)
"""What any operation can refuse."""

BODY: Final = (InvalidInputError, ContentTooLargeError, UnsupportedMediaTypeError)
"""Problems of every operation with a request body."""

BEARER: Final = (InvalidInputError, AccessTokenMissingError, AccessTokenInvalidError)
"""Problems of every operation that requires an access token."""

_MEMBERS: Final[Mapping[str, Mapping[str, object]]] = {
    "invalid_request": {"errors": [{"field": "email", "message": "must be a string"}]},
    "second_factor_required": {
        "challenge": "AQGVYFRNIHwAnypL4aXH84AAAAABacBmAA…",
        "factors": ["recovery_code", "totp"],
        "expiresIn": 300,
        "rememberDeviceFor": None,
    },
    "session_ended": {"reason": "logged_out"},
    "link_ended": {"reason": "used"},
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
SETS_DEVICE_COOKIE: Final = [
    ResponseHeader(
        name="Set-Cookie",
        description="The device token, which tells a login that strangers did not send it.",
        required=True,
        value="refresh_token_device=…",
        documentation_only=True,
    )
]

HEADERS: Final[Mapping[str, Mapping[str, object]]] = {
    "X-Request-ID": {
        "description": "The request's own `X-Request-ID` if it is valid, or else a new one.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    },
    "WWW-Authenticate": {
        "description": "A Bearer challenge (RFC 6750, section 3).",
        "required": True,
        "schema": {"type": "string", "pattern": "^Bearer realm="},
    },
    "Retry-After": {
        "description": "Seconds to wait before a retry.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
}


def headers_of(status: HTTPStatus) -> Iterator[str]:
    """Return the names of the headers that every response of a status carries."""
    yield "X-Request-ID"
    if status is HTTPStatus.UNAUTHORIZED:
        yield "WWW-Authenticate"
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        yield "Retry-After"


class Responses(dict[int, ResponseSpec]):
    """Responses by status, which are not copied with each route that declares them."""

    def __deepcopy__(self, _: object) -> Self:
        """Return the same: Litestar copies each route more than once, and changes no response."""
        return self


def problems(*errors: type[LatchkeyError]) -> Responses:
    """Declare the problems of an operation: a response for each status, an example for each error.

    Raises:
        KeyError: An error has no problem of its own.
    """
    declared = {*errors, *ALWAYS}
    rows = [(error, problem) for error, problem in PROBLEMS.items() if error in declared]
    if missing := declared - PROBLEMS.keys():
        raise KeyError(missing)
    return Responses(
        (status, _response(status, [*group])) for status, group in groupby(rows, key=_status_of)
    )


def _status_of(row: Row) -> int:
    return row[1].status


def _response(status: int, rows: list[Row]) -> ResponseSpec:
    return ResponseSpec(
        data_container=ProblemBody,
        generate_examples=False,
        description=HTTPStatus(status).phrase,
        media_type="application/problem+json",
        examples=[_example(error.code, problem) for error, problem in rows],
    )


def _example(code: str, problem: Problem) -> Example:
    value = {
        "type": type_of(code),
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": code,
        "requestId": "5f0c2a4e8d7b4b0c9a3e1d2c3b4a5968",
        **_MEMBERS.get(code, {}),
    }
    return Example(id=code, summary=problem.title, description=problem.advice, value=value)
