"""The head of a request: its limits, and the meaning of repeated headers."""

from collections.abc import Iterable
from itertools import chain
from typing import Final

from litestar.types import HTTPScope

from latchkey.entrypoints.http.problems.errors import (
    HeadersTooLargeError,
    NotFoundError,
    UriTooLongError,
)

MAX_PATH: Final = 512  # characters, decoded; the longest documented path has fewer than 100
MAX_QUERY: Final = 512  # bytes; a limit and a cursor have fewer than 100
MAX_PARAMETERS: Final = 16
MAX_HEADERS: Final = 12 * 1024  # bytes of all names and values

Headers = Iterable[tuple[bytes, bytes]]


def check_head(scope: HTTPScope) -> None:
    """Reject a head that is larger than any documented request needs, or has a doubled slash.

    The framework caches what it reads of paths and queries, so an unbounded one would stay in
    memory. If a proxy and the service read a doubled slash differently, a request can evade the
    rules of the proxy.

    Raises:
        UriTooLongError: The path or the query is too long, or has too many parameters.
        HeadersTooLargeError: The headers together are too large.
        NotFoundError: The path has a doubled slash.
    """
    query = scope["query_string"]
    if len(scope["path"]) > MAX_PATH or len(query) > MAX_QUERY:
        raise UriTooLongError
    if query.count(b"&") >= MAX_PARAMETERS:
        raise UriTooLongError
    if sum(map(len, chain.from_iterable(scope["headers"]))) > MAX_HEADERS:
        raise HeadersTooLargeError
    if "//" in scope["path"]:
        raise NotFoundError


def fold(headers: Headers) -> dict[bytes, bytes]:
    """Return headers by their lower-case names; the values of a repeated header are joined.

    If a header that may be sent only once is repeated, such as `Origin`, every check rejects the
    joined value.

    Source: RFC 9110, section 5.3; RFC 9113, section 8.2.3 (cookies).
    """
    lines = list(headers)
    folded = dict(lines)
    if len(folded) == len(lines):
        return folded
    folded.clear()
    for name, value in lines:
        separator = b"; " if name == b"cookie" else b", "
        folded[name] = folded[name] + separator + value if name in folded else value
    return folded
