"""Recovery codes: what signs a user in whose authenticator is lost."""

import re
import secrets
from dataclasses import dataclass
from typing import Final, Self

CODES: Final = 10
"""How many a user gets at once."""
BITS: Final = 60
"""How many random bits a code has."""

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # without i, l, o and u
_BITS_OF_LETTER: Final = 5
_LETTERS: Final = BITS // _BITS_OF_LETTER
_GROUP: Final = 4
_MISREAD: Final = str.maketrans({"i": "1", "l": "1", "o": "0", "-": None})
_SPELLING: Final = re.compile(f"[{_ALPHABET}]{{{_LETTERS}}}")


@dataclass(frozen=True, slots=True, repr=False)
class RecoveryCode:
    """A code in its one spelling: 12 letters and digits in lower case. `repr` and `str` hide it.

    Source: Crockford, Base 32 (the alphabet, and how it is read); NIST SP 800-63B-4, section
    3.1.2.2 (look-up secrets).
    """

    _text: str

    @classmethod
    def new(cls) -> Self:
        """Draw a code of `BITS` random bits."""
        number = secrets.randbits(BITS)
        shifts = range(BITS - _BITS_OF_LETTER, -1, -_BITS_OF_LETTER)
        return cls("".join(_ALPHABET[number >> shift & 0x1F] for shift in shifts))

    @classmethod
    def read(cls, typed: str) -> Self | None:
        """Read what a user typed, or return None if it cannot be a code.

        Upper and lower case are the same, hyphens and white space are ignored, and letters that are
        not in the alphabet are read as the digits that they look like.

        Args:
            typed: Any text.
        """
        text = "".join(typed.split()).lower().translate(_MISREAD)
        return cls(text) if _SPELLING.fullmatch(text) else None

    def __repr__(self) -> str:
        return "RecoveryCode(***)"

    def reveal(self) -> str:
        """Return the 12 letters and digits, for whoever hashes them."""
        return self._text

    def shown(self) -> str:
        """Return the code as it is shown to its user, once: in groups, such as 0000-0000-0000."""
        starts = range(0, _LETTERS, _GROUP)
        return "-".join(self._text[start : start + _GROUP] for start in starts)


def new_recovery_codes() -> tuple[RecoveryCode, ...]:
    """Draw `CODES` new codes."""
    return tuple(RecoveryCode.new() for _ in range(CODES))
