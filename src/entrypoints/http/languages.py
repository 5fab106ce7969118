"""Reads the languages that a client prefers."""

import re
from typing import Final

_LONGEST: Final = 256  # characters of the header; browsers send fewer
_RANGE: Final = re.compile(
    r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)[ \t]*(?:;[ \t]*q=([01](?:\.[0-9]{0,3})?))?"
)


def languages_of(accept_language: str) -> tuple[str, ...]:
    """Return the language ranges of an `Accept-Language` header by weight, the highest first.

    Leaves out `*`, malformed ranges, and ranges with a weight of 0 ("not acceptable").

    Source: RFC 9110, section 12.5.4.
    """
    parts = (_RANGE.fullmatch(part.strip()) for part in accept_language[:_LONGEST].split(","))
    weighted = [(float(part[2] or 1), part[1]) for part in parts if part]
    ranked = sorted(weighted, key=lambda each: -each[0])  # equal weights stay in their order
    return tuple(language for weight, language in ranked if weight > 0)
