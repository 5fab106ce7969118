"""Pagination over HTTP: query parameters and opaque cursors."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from litestar.params import QueryParameter
from msgspec import Meta

from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.domain.kernel.page import Position

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="The maximum number of items.")]
CursorParameter = Annotated[
    str | None, QueryParameter(name="cursor", description="The `nextCursor` of the previous page.")
]
NextCursor = Annotated[
    str | None, Meta(description="The `cursor` of the next page; null on the last page.")
]

_LIMIT: Final = re.compile(rb"(?:^|&)limit=")
_INTEGER: Final = re.compile(rb"(?:^|&)limit=[0-9]+(?:&|$)")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_FORM: Final = re.compile(r"[A-Za-z0-9_-]{32}")  # 8 bytes of time and 16 of id


def write_cursor(position: Position | None) -> str | None:
    """Encode a position; None stands for the end of the list."""
    if position is None:
        return None
    micros = (position.created_at - _EPOCH) // _MICROSECOND
    return urlsafe_b64encode(micros.to_bytes(8, signed=True) + position.id.bytes).decode()


def read_cursor(cursor: str | None) -> Position | None:
    """Decode a cursor; None stands for the start of the list.

    Raises:
        InvalidInputError: The cursor was not created by this service. Names the field `cursor`.
    """
    if cursor is None:
        return None
    try:
        raw = urlsafe_b64decode(cursor if _FORM.fullmatch(cursor) else "")
        micros = int.from_bytes(raw[:8], signed=True)
        return Position(created_at=_EPOCH + micros * _MICROSECOND, id=UUID(bytes=raw[8:]))
    except (ValueError, OverflowError):
        raise InvalidInputError(
            Violation("cursor", "must be a `nextCursor` of this list")
        ) from None


def check_limit(query: bytes) -> None:
    """Reject a `limit` that is given twice, or is not written in digits.

    The framework would take the first of two, and accept numbers such as `1e2`.

    Raises:
        InvalidInputError: Names the field `limit`.
    """
    given = len(_LIMIT.findall(query))
    if given and (given > 1 or not _INTEGER.search(query)):
        raise InvalidInputError(Violation("limit", "must be one integer from 1 to 100"))
