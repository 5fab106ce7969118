"""Limits on request bodies: size, time, and JSON only."""

import asyncio
import json
from contextlib import suppress
from typing import Final

from litestar import Request
from litestar.datastructures import State
from litestar.types import HTTPReceiveMessage, Receive

from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.entrypoints.http.problems.errors import (
    ContentTooLargeError,
    RequestTimeoutError,
    UnsupportedMediaTypeError,
)

MAX_BYTES: Final = 16 * 1024
DEADLINE: Final = 10.0  # seconds for the whole body
_JSON: Final = frozenset({b"application/json", b"application/json;charset=utf-8"})


def has_body(headers: dict[bytes, bytes]) -> bool:
    """Return whether a request has a body, by its framing (RFC 9112, section 6)."""
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


def check_length(headers: dict[bytes, bytes]) -> None:
    """Reject a body whose `Content-Length` is too large, before it is read.

    Raises:
        ContentTooLargeError: The length is above `MAX_BYTES`, or is not a number.
    """
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length[:20]) > MAX_BYTES:
        raise ContentTooLargeError


class Body:
    """An ASGI `receive` that limits a body's size, and the time until all of it has arrived."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = MAX_BYTES
        self._deadline = asyncio.get_running_loop().time() + DEADLINE

    async def __call__(self) -> HTTPReceiveMessage:
        """Receive the next message (ASGI).

        Raises:
            ContentTooLargeError: The body has more than `MAX_BYTES`.
            RequestTimeoutError: The body did not arrive within `DEADLINE`.
            InvalidInputError: The client disconnected before the end of the body.
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
        return message  # type: ignore[return-value]  # never a websocket message


async def require_json(request: Request[object, object, State]) -> None:
    """Reject a body that is not declared as JSON in UTF-8, or that has a duplicate member.

    Two parsers may read such a body differently: for example a proxy and this service.

    Raises:
        UnsupportedMediaTypeError: The body is not declared as JSON in UTF-8. It was not parsed.
        InvalidInputError: An object has two members of the same name.

    Source: RFC 8259, section 4.
    """
    headers = dict(request.scope["headers"])
    declared = headers.get(b"content-type", b"").lower().replace(b" ", b"").replace(b'"', b"")
    if not has_body(headers):
        return
    if declared not in _JSON:
        raise UnsupportedMediaTypeError
    with suppress(ValueError):  # invalid JSON is rejected by the handler's decoder
        json.loads(await request.body() or b"null", object_pairs_hook=_distinct)


def _distinct(members: list[tuple[str, object]]) -> None:
    if len({name for name, _ in members}) < len(members):
        raise InvalidInputError(Violation("", "must not have a member twice"))
