"""Heads that are too large or oddly spelt, and headers that come twice."""

from typing import Any

import pytest

from latchkey.domain.kernel.errors import NotFoundError
from latchkey.entrypoints.http.pipeline.head import (
    MAX_HEADERS,
    MAX_PARAMETERS,
    MAX_PATH,
    MAX_QUERY,
    check_head,
    fold,
)
from latchkey.entrypoints.http.problems.errors import (
    HeadersTooLargeError,
    HttpError,
    UriTooLongError,
)


def scope(
    path: bytes = b"/api", query: bytes = b"", headers: list[tuple[bytes, bytes]] | None = None
) -> Any:  # noqa: ANN401 - the part of an ASGI scope that is read
    return {
        "path": path.decode(),
        "query_string": query,
        "headers": headers or [],
    }


def check(head: Any) -> None:  # noqa: ANN401 - the part of an ASGI scope that is read
    _, size = fold(head["headers"])
    check_head(head, size)


def test_the_largest_head_is_accepted() -> None:
    query = b"&".join([b"a=1"] * MAX_PARAMETERS)
    headers = [(b"cookie", b"c" * (MAX_HEADERS - 6))]

    check(scope(b"/" + b"p" * (MAX_PATH - 1), query, headers))
    check(scope(query=b"q" * MAX_QUERY))


@pytest.mark.parametrize(
    ("head", "error"),
    [
        (scope(b"/" + b"p" * MAX_PATH), UriTooLongError),
        (scope(query=b"q" * (MAX_QUERY + 1)), UriTooLongError),
        (scope(query=b"&" * MAX_PARAMETERS), UriTooLongError),
        (scope(headers=[(b"cookie", b"c" * (MAX_HEADERS - 5))]), HeadersTooLargeError),
        (scope(headers=[(b"n" * 100, b"")] * 200), HeadersTooLargeError),
        (scope(b"//api"), NotFoundError),
        (scope(b"/api//auth/me"), NotFoundError),
    ],
)
def test_a_larger_or_odd_head_is_rejected(
    head: Any,  # noqa: ANN401 - the part of an ASGI scope that is read
    error: type[HttpError],
) -> None:
    with pytest.raises(error):
        check(head)


def test_headers_are_found_by_name() -> None:
    assert fold([(b"a", b"1"), (b"b", b"2")]) == ({b"a": b"1", b"b": b"2"}, 4)


def test_the_lines_of_a_repeated_header_are_one_list() -> None:
    lines = [(b"x-forwarded-for", b"192.0.2.7"), (b"host", b"a"), (b"x-forwarded-for", b"10.0.0.1")]

    folded, size = fold(lines)

    assert folded == {b"x-forwarded-for": b"192.0.2.7, 10.0.0.1", b"host": b"a"}
    assert size == sum(len(name) + len(value) for name, value in lines)


def test_the_lines_of_cookies_are_one_header() -> None:
    folded, _ = fold([(b"cookie", b"a=1"), (b"cookie", b"b=2")])

    assert folded == {b"cookie": b"a=1; b=2"}
