"""What a request body may be: its size and time, JSON only, and what the schema says."""

import asyncio
import json
from contextlib import suppress
from functools import cache
from typing import Any, Final, NoReturn

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.types import HTTPReceiveMessage, Receive
from typing_extensions import override

from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.entrypoints.http.pipeline.head import headers_of
from latchkey.entrypoints.http.problems.decoding import violation_of
from latchkey.entrypoints.http.problems.errors import (
    ContentTooLargeError,
    RequestTimeoutError,
    TransferCodingError,
    UnsupportedMediaTypeError,
)

MAX_BYTES: Final = 16 * 1024
DEADLINE: Final = 10.0  # seconds for the whole body
_DISCARDED: Final = 256 * 1024  # bytes of a body that is too large
_DISCARDED_IN: Final = 2.0  # seconds
_PARAMETERS: Final = frozenset(
    {b"", b"charset=utf-8", b'charset="utf-8"', b"charset=utf8", b'charset="utf8"'}
)
_NO_JSON: Final = Violation("", "must be JSON in UTF-8, not nested too deeply")


def has_body(headers: dict[bytes, bytes]) -> bool:
    """Return whether a request has a body, by its framing (RFC 9112, section 6)."""
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


async def limited(receive: Receive, headers: dict[bytes, bytes]) -> Receive:
    """Check how a body is framed, and return a `receive` that limits the body.

    The server takes `gzip, chunked` and `chunked, chunked` for `chunked`.

    Raises:
        TransferCodingError: There is another transfer coding than `chunked`, or it comes twice.
        ContentTooLargeError: The length is above `MAX_BYTES`, or is not a number.

    Source: RFC 9112, section 6.1.
    """
    if headers.get(b"transfer-encoding", b"chunked").strip(b" \t").lower() != b"chunked":
        raise TransferCodingError
    length = headers.get(b"content-length", b"0")
    if not length.isdigit():
        raise ContentTooLargeError
    if int(length[:20]) > MAX_BYTES:
        if int(length[:20]) <= _DISCARDED:
            await _discard(receive)
        raise ContentTooLargeError
    return Body(receive)


async def _discard(receive: Receive) -> None:
    """Read the rest of a body that is too large, within limits, so that its client can go on.

    Otherwise the server closes the connection as soon as it has responded. A client that is still
    sending then gets an error and often never reads the response.

    Source: RFC 9112, section 9.6.
    """
    left = _DISCARDED
    with suppress(TimeoutError):
        async with asyncio.timeout(_DISCARDED_IN):
            while left > 0:
                message = await receive()
                if message["type"] != "http.request" or not message["more_body"]:
                    return
                left -= len(message["body"])


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
                if message["more_body"]:
                    await _discard(self._receive)
                raise ContentTooLargeError
        return message  # type: ignore[return-value]  # never a websocket message


class StrictRequest(Request[Any, Any, State]):
    """Decodes a body by the schema of its operation, and converts no value.

    Litestar decodes without the schema and then converts, "false" and 0 to a boolean, for example.
    """

    @override
    async def json(self) -> object:
        """Decode the body.

        Raises:
            InvalidInputError: It is not JSON, or does not match the schema.
        """
        expected = self.route_handler.parsed_data_field
        try:
            return _decoder(Any if expected is None else expected.annotation).decode(
                await self.body()
            )
        except msgspec.ValidationError as error:
            raise InvalidInputError(violation_of(error)) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise InvalidInputError(_NO_JSON) from None


async def require_json(request: Request[object, object, State]) -> None:
    """Reject a body that is not declared as JSON in UTF-8, or that has a duplicate member.

    Two parsers, for example a proxy's and this service's, may read duplicate members differently.
    An operation that expects no body accepts an empty one of any media type.

    Raises:
        UnsupportedMediaTypeError: The body is not declared as JSON in UTF-8. It was not parsed.
        InvalidInputError: An expected body is empty or not JSON, has a duplicate member, or a
            number that is not an integer.

    Source: RFC 8259, section 4.
    """
    headers = headers_of(request.scope)
    declared, is_framed = headers.get(b"content-type", b""), has_body(headers)
    is_expected = request.route_handler.parsed_data_field is not None
    if not declared and not is_framed and not is_expected:
        return
    if _is_json(declared) and b"content-encoding" not in headers:
        body = await request.body()
        is_missing = is_expected and not body
        if is_expected and body:
            _check_members(body)
    else:
        is_missing = is_expected and not declared and not is_framed
        if not is_missing and (is_expected or (is_framed and await request.body())):
            raise UnsupportedMediaTypeError
    if is_missing:
        raise InvalidInputError(Violation("", "must be a JSON object"))


def _is_json(media_type: bytes) -> bool:
    """Return whether a media type is JSON in UTF-8.

    A semicolon without a parameter is allowed, and so is the usual misspelling `utf8`.

    Source: RFC 9110, sections 5.6.6 and 8.3.1.
    """
    if media_type == b"application/json":
        return True
    kind, *parameters = [part.strip(b" \t") for part in media_type.lower().split(b";")]
    return kind == b"application/json" and _PARAMETERS.issuperset(parameters)


def _check_members(body: bytes) -> None:
    """Reject what is not JSON, duplicate members, and numbers that are not integers.

    The decoder takes up to 10 microseconds to round one such number to binary: a body full of them
    would block the event loop for 27 ms. No operation expects one. Integers stay strings here,
    since converting a long one is slow, too.
    """
    try:
        json.loads(body, object_pairs_hook=_distinct, parse_float=_reject_number, parse_int=str)
    except (ValueError, RecursionError):
        raise InvalidInputError(_NO_JSON) from None


@cache
def _decoder(expected: object) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(expected)


def _reject_number(_: str) -> NoReturn:
    raise InvalidInputError(Violation("", "must not have a number with a fraction or an exponent"))


def _distinct(members: list[tuple[str, object]]) -> None:
    if len({name for name, _ in members}) < len(members):
        raise InvalidInputError(Violation("", "must not have a member twice"))
