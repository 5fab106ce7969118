"""What answers have in common, said once."""

from typing import Any, Final
from uuid import UUID

import httpx

USER_MEMBERS: Final = {"id", "email", "name", "role"}
_MEMBERS: Final = {"type", "title", "status", "detail", "code", "requestId"}
_ADDED: Final = {"invalid_request": {"errors"}, "session_ended": {"reason"}}


def assert_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Expect a problem of a kind, whole and well-formed, and give its members."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == code
    assert set(problem) == _MEMBERS | _ADDED.get(code, set())
    assert problem["status"] == status
    assert problem["type"] == f"/problems/{code}"
    assert problem["requestId"] == answer.headers["x-request-id"]
    assert problem["title"]
    assert problem["detail"]
    return problem


def assert_invalid(answer: httpx.Response, *fields: str) -> None:
    """Expect a bad request that names these fields, and no others."""
    errors = assert_problem(answer, 400, "invalid_request")["errors"]
    assert {error["field"] for error in errors} == set(fields)
    assert all(set(error) == {"field", "message"} and error["message"] for error in errors)


def assert_ended(answer: httpx.Response, reason: str) -> None:
    """Expect a refresh to be refused because its session is over."""
    assert assert_problem(answer, 401, "session_ended")["reason"] == reason
    assert "set-cookie" not in answer.headers


def assert_retry_later(answer: httpx.Response, status: int, code: str) -> int:
    """Expect to be told to wait, and give the seconds."""
    assert_problem(answer, status, code)
    assert answer.headers["retry-after"].isascii()
    assert answer.headers["retry-after"].isdigit()
    seconds = int(answer.headers["retry-after"])
    assert seconds >= 1
    return seconds


def assert_is_id(text: str) -> None:
    """Expect an identifier in its only spelling."""
    assert str(UUID(text)) == text
