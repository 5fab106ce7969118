"""Turns msgspec's errors into violations: which member of a request body is wrong, and why."""

import re
from typing import Final

import msgspec

from latchkey.domain.kernel.errors import Violation

_PLACED: Final = re.compile(r"(?P<message>.*?)(?: - at `\$\.(?P<field>.+)`)?", re.DOTALL)
_MISSING: Final = re.compile(r"Object missing required field `(.+)`")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.+)`", re.DOTALL)
_LONGEST: Final = 64  # characters of a name that the client has made up


def violation_of(error: msgspec.ValidationError) -> Violation:
    """Return the violation for a decoder's message, without the value that the message quotes."""
    placed = _PLACED.fullmatch(str(error))
    message, field = (placed["message"], placed["field"] or "") if placed else ("", "")
    if named := _MISSING.fullmatch(message):
        return Violation(named[1], "is required")
    if named := _UNKNOWN.fullmatch(message):
        return Violation(named[1][:_LONGEST], "is not known")
    return Violation(field, described(message))


def described(message: str) -> str:
    """Return a decoder's message without the value that it quotes."""
    if message.startswith("Invalid enum value"):
        return "must be one of the documented values"
    return message
