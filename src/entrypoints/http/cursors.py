"""Cursors: positions in a list as clients carry them, opaque."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.domain.kernel.page import Position

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_FORM: Final = re.compile(r"[A-Za-z0-9_-]{32}")  # 8 bytes of time and 16 of id


def write(position: Position | None) -> str | None:
    """Write a position, or None for the end of the list."""
    if position is None:
        return None
    micros = (position.created_at - _EPOCH) // _MICROSECOND
    return urlsafe_b64encode(micros.to_bytes(8, signed=True) + position.id.bytes).decode()


def read(cursor: str | None) -> Position | None:
    """Read a cursor, or None for the list's beginning.

    Raises:
        InvalidInputError: The service didn't write it. Names the field `cursor`.
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
