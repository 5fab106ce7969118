"""Identifiers that sort by creation time (RFC 9562, section 5.7: UUID version 7)."""

import secrets
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final
from uuid import UUID

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_VERSION: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62
_RANDOM_BITS: Final = 30
_CELL_BITS: Final = 12  # all zero: reserved to name one of several databases (ADR 0019)
_sequence: Final = count(secrets.randbits(24))


def new_id(at: datetime) -> UUID:
    """Create an identifier: Unix milliseconds, a counter, 30 random bits, the cell.

    The milliseconds have 48 bits and the counter 32. The last 12 bits are the cell, always 0.

    Identifiers created at about the same time are close together in a B-tree. Identifiers that
    one process creates in the same millisecond sort in the order of their creation. They are not
    secret.

    Args:
        at: The time of creation, aware datetime, 1970 or later.

    Returns:
        UUID of version 7.

    Source: RFC 9562, sections 5.7 and 6.2 (method 1, a dedicated counter).
    """
    counter = next(_sequence)
    high, low = counter >> 20 & 0xFFF, counter & 0xFFFFF
    unique = low << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    rest = high << 64 | unique << _CELL_BITS
    return UUID(int=_timestamp(at) | _VERSION | _VARIANT | rest)


def first_id_of(at: datetime) -> UUID:
    """Return the smallest identifier that `new_id` can create in this millisecond."""
    return UUID(int=_timestamp(at) | _VERSION | _VARIANT)


def time_of(identifier: UUID) -> datetime:
    """Return when an identifier was created: aware UTC datetime, whole milliseconds."""
    return _EPOCH + _milliseconds(identifier) * _MILLISECOND


def unix_time_of(identifier: UUID) -> int:
    """Return when an identifier was created, in whole Unix seconds. Any UUID has such a time."""
    return _milliseconds(identifier) // 1000


def _milliseconds(identifier: UUID) -> int:
    return identifier.int >> 80


def _timestamp(at: datetime) -> int:
    return ((at - _EPOCH) // _MILLISECOND) << 80
