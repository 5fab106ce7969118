"""Turns errors into problem responses (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import Final

import msgspec
from litestar.exceptions import HTTPException
from litestar.types import Send

from latchkey.domain.factors.errors import (
    ReauthenticationRequiredError,
    SecondFactorRequiredError,
)
from latchkey.domain.kernel.errors import (
    InvalidInputError,
    LatchkeyError,
    NotFoundError,
    RetryLaterError,
    Violation,
)
from latchkey.domain.links.errors import LinkEndedError
from latchkey.domain.sessions.errors import SessionEndedError
from latchkey.entrypoints.http.problems.decoding import described
from latchkey.entrypoints.http.problems.errors import (
    HttpError,
    InternalError,
    MethodNotAllowedError,
)
from latchkey.entrypoints.http.problems.problem import Problem, type_of
from latchkey.entrypoints.http.problems.table import problem_of
from latchkey.entrypoints.http.responses import Headers, send_content

_MEDIA_TYPE: Final = b"application/problem+json"
_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class ProblemResponse:
    """The response to one occurrence of a problem.

    Attributes:
        code: The code of the error, which clients branch on.
        members: Additional members of the body, JSON-encodable.
        headers: Additional headers.
        parameters: Additional parameters of the challenge.
    """

    problem: Problem
    code: str
    members: Mapping[str, object] = field(default_factory=dict)
    headers: Headers = ()
    parameters: str = ""

    def body(self, request_id: str) -> bytes:
        """Return the problem details of the occurrence (RFC 9457, section 3)."""
        problem = self.problem
        return _encode(
            {
                "type": type_of(self.code),
                "title": problem.title,
                "status": problem.status,
                "detail": problem.detail,
                "code": self.code,
                "requestId": request_id,
                **self.members,
            }
        )

    async def send(self, send: Send, request_id: str) -> None:
        """Send the response (ASGI)."""
        problem = self.problem
        challenge = problem.challenge
        header = f"{challenge}{self.parameters}".encode()
        extra = ((b"www-authenticate", header),) if challenge else ()
        body = self.body(request_id)
        await send_content(send, problem.status, _MEDIA_TYPE, body, extra + self.headers)


def problem_response(error: Exception) -> ProblemResponse:
    """Return the response to an error. An unexpected error becomes `internal_error`."""
    known = error if isinstance(error, LatchkeyError) else _known(error)
    problem = problem_of(type(known))
    members: dict[str, object] = {}
    parameters = ""
    headers = known.headers if isinstance(known, HttpError) else ()
    match known:
        case InvalidInputError(violations=violations):
            members["errors"] = [{"field": v.field, "message": v.message} for v in violations]
        case SessionEndedError(reason=reason) | LinkEndedError(reason=reason):
            members["reason"] = reason
        case SecondFactorRequiredError():
            members |= {
                "challenge": known.challenge,
                "factors": sorted(known.answers),
                "expiresIn": int(known.expires_in.total_seconds()),
                "rememberDeviceFor": _seconds(known.remembered_for),
            }
        case ReauthenticationRequiredError(max_age=max_age):
            parameters = f', max_age="{int(max_age.total_seconds())}"'
        case RetryLaterError(retry_after=retry_after):
            seconds = str(max(1, ceil(retry_after.total_seconds())))
            headers = ((b"retry-after", seconds.encode()),)
    return ProblemResponse(problem, known.code, members, headers, parameters)


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds())


def _known(error: Exception) -> LatchkeyError:
    match error:
        case HTTPException(status_code=404):
            return NotFoundError()
        case HTTPException(status_code=405):
            return MethodNotAllowedError(_allowed(error))
        case HTTPException(status_code=400):
            return InvalidInputError(*_violations(error.extra))
        case _:
            return InternalError()


def _allowed(error: HTTPException) -> str:
    methods = {method.strip() for method in (error.headers or {})["allow"].split(",")}
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods))


def _violations(extra: object) -> tuple[Violation, ...]:
    """Return the violations that Litestar has found in the path and the query of a request."""
    found = extra if isinstance(extra, list) else []
    named = tuple(
        Violation(str(item.get("key", "")), described(str(item["message"])))
        for item in found
        if isinstance(item, dict) and "message" in item
    )
    return named or (Violation("", "must match the documented schema"),)
