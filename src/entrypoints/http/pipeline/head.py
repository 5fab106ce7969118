"""The head of a request: its limits, and the meaning of repeated headers."""

from collections.abc import Iterable
from typing import Final

from litestar.types import HTTPScope, Scope

from latchkey.domain.kernel.errors import NotFoundError
from latchkey.entrypoints.http.problems.errors import (
    HeadersTooLargeError,
    UriTooLongError,
)

MAX_PATH: Final = 512  # characters, decoded; the longest documented path has fewer than 100
MAX_QUERY: Final = 512  # bytes; a limit and a cursor have fewer than 100
MAX_PARAMETERS: Final = 16
MAX_HEADERS: Final = 12 * 1024  # bytes of all names and values

_STATE_KEY: Final = "latchkey.headers"

Headers = Iterable[tuple[bytes, bytes]]


def check_head(scope: HTTPScope, size: int) -> None:
    """Reject a head that is larger than any documented request needs, or has a doubled slash.

    The framework caches what it reads of paths and queries, so an unbounded one would stay in
    memory. If a proxy and the service read a doubled slash differently, a request can evade the
    rules of the proxy.

    Args:
        scope: The request.
        size: Of its headers together, in bytes.

    Raises:
        UriTooLongError: The path or the query is too long, or has too many parameters.
        HeadersTooLargeError: The headers together are too large.
        NotFoundError: The path has a doubled slash.
    """
    path, query = scope["path"], scope["query_string"]
    if len(path) > MAX_PATH:
        raise UriTooLongError
    if query and (len(query) > MAX_QUERY or query.count(b"&") >= MAX_PARAMETERS):
        raise UriTooLongError
    if size > MAX_HEADERS:
        raise HeadersTooLargeError
    if "//" in path:
        raise NotFoundError


def fold(headers: Headers) -> tuple[dict[bytes, bytes], int]:
    """Return headers by their lower-case names, those of a repeated one joined, and their size.

    If a header that may be sent only once is repeated, such as `Origin`, every check rejects the
    joined value.

    Returns:
        The headers, and the bytes of all names and values as they were sent.

    Source: RFC 9110, section 5.3; RFC 9113, section 8.2.3 (cookies).
    """
    folded: dict[bytes, bytes] = {}
    size = 0
    for name, value in headers:
        size += len(name) + len(value)
        if name in folded:
            separator = b"; " if name == b"cookie" else b", "
            folded[name] = folded[name] + separator + value
        else:
            folded[name] = value
    return folded, size


def attach(headers: dict[bytes, bytes], scope: HTTPScope) -> None:
    """Store folded headers in the state of a request."""
    scope["state"][_STATE_KEY] = headers


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Return what `attach` has stored."""
    headers: dict[bytes, bytes] = scope["state"][_STATE_KEY]
    return headers
