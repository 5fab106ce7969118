"""Identifiers that sort by time of birth (RFC 9562, section 5.7: UUID version 7)."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM_A = 0xFFF << 64
_RANDOM_B = (1 << 62) - 1


def new_id(at: datetime) -> UUID:
    """Make an identifier: 48 bits of Unix milliseconds, then 74 random bits.

    Neighbours in time become neighbours in a B-tree. An identifier is not a secret.

    Args:
        at: Aware datetime, 1970 or later.

    Returns:
        UUID of version 7.

    Source: RFC 9562, section 5.7.
    """
    random = secrets.randbits(80)
    return UUID(
        int=_timestamp(at) | _VERSION | (random & _RANDOM_A) | _VARIANT | (random & _RANDOM_B)
    )


def first_id_of(at: datetime) -> UUID:
    """Give the smallest identifier that `new_id` can make at an instant: the floor of a range."""
    return UUID(int=_timestamp(at) | _VERSION | _VARIANT)


def _timestamp(at: datetime) -> int:
    return ((at - _EPOCH) // _MILLISECOND) << 80
