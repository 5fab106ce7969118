"""Bodies of requests: not too large, not too slow, and JSON."""

import asyncio
import json
from contextlib import suppress
from typing import Final

from litestar import Request
from litestar.datastructures import State
from litestar.types import HTTPReceiveMessage, Receive

from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.entrypoints.http.pipeline.head import fold
from latchkey.entrypoints.http.problems.errors import (
    ContentTooLargeError,
    RequestTimeoutError,
    UnsupportedMediaTypeError,
)

MAX_BYTES: Final = 16 * 1024
DEADLINE: Final = 10.0  # seconds for a whole body
_CHARSETS: Final = frozenset({b"", b"charset=utf-8", b'charset="utf-8"', b"charset=utf8"})


def has_body(headers: dict[bytes, bytes]) -> bool:
    """Tell whether a request has a body, by its framing (RFC 9112, section 6)."""
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


def check_length(headers: dict[bytes, bytes]) -> None:
    """Refuse a body that announces too many bytes.

    Raises:
        ContentTooLargeError: Before any of it is read.
    """
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length[:20]) > MAX_BYTES:
        raise ContentTooLargeError


class Body:
    """The receiving end of a request with a body: counts its bytes and watches the time."""

    def __init__(self, receive: Receive) -> None:
        """Begin to wait for the body."""
        self._receive = receive
        self._left = MAX_BYTES
        self._deadline = asyncio.get_running_loop().time() + DEADLINE

    async def __call__(self) -> HTTPReceiveMessage:
        """Receive the next part.

        Raises:
            ContentTooLargeError: It has more bytes than the limit.
            RequestTimeoutError: The deadline has passed.
            InvalidInputError: The client went away in the middle.
        """
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise RequestTimeoutError from None
        if message["type"] == "http.disconnect":
            raise InvalidInputError(Violation("", "must be complete"))
        if message["type"] == "http.request":
            self._left -= len(message["body"])
            if self._left < 0:
                raise ContentTooLargeError
        return message  # type: ignore[return-value]  # no websocket comes this way


async def require_json(request: Request[object, object, State]) -> None:
    """Reject a body that is not declared as JSON in UTF-8, or that has a duplicate member.

    Two readers of a duplicate member may see two different things: a proxy the one, the service
    the other. An operation that expects no body ignores an empty one of any type.

    Raises:
        UnsupportedMediaTypeError: Before it is parsed.
        InvalidInputError: A member is duplicate, or an expected body is empty.

    Source: RFC 8259, section 4.
    """
    headers = fold(request.scope["headers"])
    declared, is_framed = headers.get(b"content-type", b""), has_body(headers)
    is_expected = request.route_handler.parsed_data_field is not None
    if not declared and not is_framed and not is_expected:
        return
    if _is_json(declared) and b"content-encoding" not in headers:
        body = await request.body()
        with suppress(ValueError):  # the handler's decoder rejects what cannot be parsed
            json.loads(body or b"null", object_pairs_hook=_distinct)
        is_missing = is_expected and not body
    else:
        is_missing = is_expected and not declared and not is_framed
        if not is_missing and (is_expected or (is_framed and await request.body())):
            raise UnsupportedMediaTypeError
    if is_missing:
        raise InvalidInputError(Violation("", "must be a JSON object"))


def _is_json(media_type: bytes) -> bool:
    """Return whether a media type is JSON in UTF-8 (RFC 9110, section 8.3.1)."""
    kind, *parameters = (part.strip(b" \t").lower() for part in media_type.split(b";"))
    return kind == b"application/json" and _CHARSETS.issuperset(parameters)


def _distinct(members: list[tuple[str, object]]) -> None:
    if len({name for name, _ in members}) < len(members):
        raise InvalidInputError(Violation("", "must not have a member twice"))
