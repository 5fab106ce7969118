"""Which secrets are good enough to sign with: those that look random."""

import re
import zlib
from functools import cache
from itertools import pairwise
from typing import Final

from latchkey.adapters.zxcvbn import frequency_lists

MIN_BYTES: Final = 32
_SAMPLES: Final = (
    "your-256-bit-secret",
    "0123456789",
    "1234567890",
    "abcdefghij",
    "qwerty",
    # keys that are printed in standards and tutorials
    "aym1sysppbydfgzld3umj1qzkobwvmkoqq-estjqlr_t",  # RFC 7515, appendix A.1
    "404e635266556a586e3272357538782f413f4428472b4b6250645367566b5970",
    "404e635266556a586e327235753878214125442a472d4b6150645367566b5970",
    "3cfa76ef14937c1c0ea519f8fc057a80fcd04a7420f8e8bcd0a7567c272e007b",
)
_HEX: Final = re.compile(r"(?:[0-9a-f]{2})+|(?:[0-9A-F]{2})+")
_LEAST_DENSE: Final = 0.75  # 64 random URL-safe characters deflate to 0.87 of their size or more
_FEW_CHANGES: Final = 0.45  # random text has 0.6; then its words are not worth 0.1 s to look up
_WORD: Final = 4  # letters; shorter ones are found in random text, too
_LONGEST: Final = 14
_LISTS: Final = ("passwords", "english_wikipedia", "us_tv_and_film", "surnames")
_MOST_WORDS: Final = 1 / 3  # random text of 32 characters has a quarter in words once in 10^5


def fault_of(secret: str) -> str | None:
    """Return what is wrong with a secret, or None. Never returns a part of the secret.

    Source: RFC 7518, section 3.2 (at least as long as the hash); RFC 8725, section 3.5.
    """
    size = len(secret.encode())
    if size < MIN_BYTES:
        return f"is {size} bytes long"
    if any(sample in secret.lower() for sample in _SAMPLES):
        return "looks like a sample from a manual"
    if _density(secret) < _LEAST_DENSE:
        return "is too repetitive"
    return None


def strong_fault_of(secret: str) -> str | None:
    """Return what is wrong with a secret for production, or None, like `fault_of`.

    An attacker who has one access token can try any number of words offline. So a secret that a
    person made up is not good enough, however long it is.
    """
    if fault := fault_of(secret):
        return fault
    if _changes(secret) < _FEW_CHANGES and _share_of_words(secret.lower()) > _MOST_WORDS:
        return "is made of words"
    return None


def _density(secret: str) -> float:
    """Return the compressed size of a text, as a share of its size; hex digits count as bytes."""
    raw = bytes.fromhex(secret) if _HEX.fullmatch(secret) else secret.encode()
    return len(zlib.compress(raw, 9, wbits=-15)) / len(raw)


def _changes(text: str) -> float:
    """Return how often the kind (upper case, lower case, digit) changes, per letter or digit."""
    kinds = [(each.isupper(), each.isdigit()) for each in text if each.isalnum()]
    return sum(one != other for one, other in pairwise(kinds)) / max(1, len(kinds))


def _share_of_words(text: str) -> float:
    """Return the share of a text's letters and digits that are in words or common passwords."""
    covered, place = 0, 0
    while place < len(text):
        length = next((n for n in range(_LONGEST, _WORD - 1, -1) if _has(text, place, n)), 0)
        covered += length
        place += length or 1
    return covered / max(1, sum(map(str.isalnum, text)))


def _has(text: str, place: int, length: int) -> bool:
    return text[place : place + length] in _words() and place + length <= len(text)


@cache
def _words() -> frozenset[str]:
    words = (word for words in frequency_lists(*_LISTS) for word in words)
    return frozenset(word for word in words if len(word) >= _WORD and word.isalpha())
