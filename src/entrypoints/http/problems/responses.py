"""Turn what went wrong into an answer: one problem of the table, and what this occurrence adds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Final

import msgspec
from litestar.exceptions import HTTPException
from litestar.types import Send

from latchkey.domain.kernel.errors import (
    InvalidInputError,
    LatchkeyError,
    RetryLaterError,
    Violation,
)
from latchkey.domain.sessions.errors import SessionEndedError
from latchkey.entrypoints.http.problems.table import PROBLEMS, Problem
from latchkey.entrypoints.http.responses import Headers, send_content

_MEDIA_TYPE: Final = b"application/problem+json"
_MISSING: Final = re.compile(r"Object missing required field `(.+)`")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.+)`", re.DOTALL)
_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Refusal:
    """A problem as it occurred.

    Attributes:
        members: What is added to the problem's own members, JSON-encodable.
        headers: What is added to the answer's headers.
    """

    problem: Problem
    members: Mapping[str, object] = field(default_factory=dict)
    headers: Headers = ()

    @classmethod
    def of(cls, code: str, *headers: tuple[bytes, bytes]) -> "Refusal":
        """Refuse with a problem of the table that has nothing to add."""
        return cls(PROBLEMS[code], headers=headers)

    def body(self, request_id: str) -> bytes:
        """Write the problem details of the occurrence (RFC 9457, section 3)."""
        problem = self.problem
        return _encode(
            {
                "type": problem.type,
                "title": problem.title,
                "status": problem.status,
                "detail": problem.detail,
                "code": problem.code,
                "requestId": request_id,
                **self.members,
            }
        )

    async def send(self, send: Send, request_id: str) -> None:
        """Answer with it."""
        problem = self.problem
        challenge = problem.challenge
        extra = ((b"www-authenticate", challenge.encode()),) if challenge else ()
        body = self.body(request_id)
        await send_content(send, problem.status, _MEDIA_TYPE, body, extra + self.headers)


class RefusedError(Exception):
    """The edge itself refuses a request; carries the answer through the framework."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep the answer."""
        super().__init__(refusal.problem.code)
        self.refusal = refusal


def refusal_of(error: Exception) -> Refusal:
    """Find the answer to an error; one that nobody foresaw is an internal error."""
    match error:
        case RefusedError():
            return error.refusal
        case LatchkeyError():
            return _of_domain(error)
        case HTTPException():
            return _of_framework(error)
        case UnicodeDecodeError() | RecursionError():  # what the JSON decoder can't read
            return _invalid(Violation("", "must be JSON in UTF-8, not nested too deeply"))
        case _:
            return Refusal.of("internal_error")


def _of_domain(error: LatchkeyError) -> Refusal:
    match error:
        case InvalidInputError(violations=violations):
            return _invalid(*violations)
        case SessionEndedError(reason=reason):
            return Refusal(PROBLEMS[error.code], {"reason": reason})
        case RetryLaterError(retry_after=retry_after):
            seconds = str(max(1, ceil(retry_after.total_seconds())))
            return Refusal.of(error.code, (b"retry-after", seconds.encode()))
        case _:
            return Refusal.of(error.code)


def _of_framework(error: HTTPException) -> Refusal:
    match error.status_code:
        case 404:
            return Refusal.of("not_found")
        case 405:
            return Refusal.of("method_not_allowed", (b"allow", _allowed(error)))
        case 400:
            return _invalid(*_violations(error.extra))
        case _:
            return Refusal.of("internal_error")


def _invalid(*violations: Violation) -> Refusal:
    errors = [{"field": v.field, "message": v.message} for v in violations]
    return Refusal(PROBLEMS["invalid_request"], {"errors": errors})


def _allowed(error: HTTPException) -> bytes:
    methods = {method.strip() for method in (error.headers or {})["allow"].split(",")}
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods)).encode()


def _violations(extra: object) -> tuple[Violation, ...]:
    """Read what the framework says of a request that doesn't fit its handler."""
    found = extra if isinstance(extra, list) else []
    named = tuple(
        _violation(str(item.get("key", "")), str(item["message"]))
        for item in found
        if isinstance(item, dict) and "message" in item
    )
    return named or (Violation("", "must be a JSON object of the documented form"),)


def _violation(key: str, message: str) -> Violation:
    """Name the field that the decoder speaks of, and leave out the value that it quotes."""
    if named := _MISSING.fullmatch(message):
        return Violation(named[1], "is required")
    if named := _UNKNOWN.fullmatch(message):
        return Violation(named[1][:64], "is not known")
    field = "" if key == "data" else key  # what the framework calls the body as a whole
    if message.startswith("Invalid enum value"):
        return Violation(field, "must be one of the documented values")
    return Violation(field, message)
