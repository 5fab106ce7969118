"""The rules for display names."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from latchkey.domain.kernel.errors import InvalidInputError, Violation

MAX_NAME_CODE_POINTS: Final = 200

_CONTROL: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_BLANK: Final = _CONTROL | {"Cf", "Zs"}

# Embeddings, overrides and isolates change the order of all that follows them, beyond the name,
# too. The marks U+061C, U+200E and U+200F affect their neighbours only, and keyboards for Arabic
# and Hebrew produce them.
_REORDERS: Final = re.compile(r"[\u202a-\u202e\u2066-\u2069]")

# What is drawn as nothing, although it is no format character: Unicode's property
# Default_Ignorable_Code_Point, and three symbols that are blank.
_DRAWN_AS_NOTHING: Final = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    r"\U000e0000-\U000e0fff\u2800\U00016fe4\U0001d159]"
)


def check_name(text: str) -> str:
    """Check a display name and return it unchanged.

    Raises:
        InvalidInputError: The name does not have 1 to 200 code points, has no visible character,
            contains control characters or line breaks, or reorders the text around it. Names the
            field `name`.

    Source: Unicode Standard, section 5.21 (characters that are ignored for display); UAX 9.
    """
    if faults := list(_faults(text)):
        raise InvalidInputError(*(Violation("name", fault) for fault in faults))
    return text


def _faults(text: str) -> Iterator[str]:
    if not 0 < len(text) <= MAX_NAME_CODE_POINTS:
        yield f"must have 1 to {MAX_NAME_CODE_POINTS} characters"
        return
    categories = {unicodedata.category(character) for character in text}
    if categories & _CONTROL:
        yield "must not have control characters or line breaks"
    if _REORDERS.search(text):
        yield "must not have characters that change the direction of text"
    if not any(map(_is_visible, text)):
        yield "must have a visible character"


def _is_visible(character: str) -> bool:
    is_blank = unicodedata.category(character) in _BLANK
    return not is_blank and not _DRAWN_AS_NOTHING.match(character)
