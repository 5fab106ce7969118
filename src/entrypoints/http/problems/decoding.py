"""Turns msgspec's errors into violations: which member of a request body is wrong, and why."""

import re
from typing import Final

import msgspec

from latchkey.domain.kernel.errors import Violation

_PLACED: Final = re.compile(r"(.*?)(?: - at `\$\.?(.*)`)?", re.DOTALL)
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.*?)`(?: - at `\$.*`)?", re.DOTALL)
_MISSING: Final = re.compile(r"Object missing required field `(.*)`", re.DOTALL)
_TYPE: Final = re.compile(r"Expected `([a-z |]+)`, got `[a-z]+`")
_TYPES: Final = {
    "str": "a string",
    "int": "an integer",
    "bool": "true or false",
    "array": "an array",
    "object": "an object",
    "null": "null",
}
_LONGEST: Final = 64  # characters of a name that the client has made up


def violation_of(error: msgspec.ValidationError) -> Violation:
    """Return the violation that the message of a decoder tells."""
    text = str(error)
    if unknown := _UNKNOWN.fullmatch(text):
        return Violation(unknown[1][:_LONGEST], "is not known")
    message, place = _PLACED.fullmatch(text).groups(default="")  # type: ignore[union-attr] # matches all
    if missing := _MISSING.fullmatch(message):
        return Violation(f"{place}.{missing[1]}".lstrip("."), "is required")
    return Violation(place, described(message))


def described(message: str) -> str:
    """Return the message of a decoder in the terms of JSON, without the value that it quotes."""
    if typed := _TYPE.fullmatch(message):
        names = typed[1].split(" | ")
        return f"must be {' or '.join(_TYPES.get(name, name) for name in names)}"
    if message.startswith("Invalid enum value"):
        return "must be one of the documented values"
    return message
