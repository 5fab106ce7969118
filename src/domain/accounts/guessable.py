"""Which passwords attackers guess first: common ones, the user's own words, and patterns."""

from itertools import pairwise
from typing import Final

MAX_ADDED: Final = 6  # characters around a word that make it no harder to guess: `1`, `2026!`
MIN_COMMON: Final = 4  # characters; shorter words are also the beginning of random texts
MAX_SOURCE: Final = 256  # characters of a name or an address; no acceptable password is longer
MAX_RUNS: Final = 3  # of a text like `abcd1234!`
MAX_UNIT: Final = 4  # characters that a text repeats, as in `abcabcabc`


def core(text: str) -> str:
    """Return a text without case, and without up to 6 characters around it that are no letters.

    Returns the whole text, without case, if there are more of them, or nothing else.
    """
    folded = text.casefold()
    letters = [place for place, character in enumerate(folded) if character.isalpha()]
    bare = folded[letters[0] : letters[-1] + 1] if letters else folded
    return bare if len(folded) - len(bare) <= MAX_ADDED else folded


def words_of(name: str, email: str) -> frozenset[str]:
    """Return the words that everybody who knows a user would try, without case.

    They are the e-mail address and its parts, and the name, its parts, and it without blanks.

    Args:
        name: Any text; only its first 256 characters count.
        email: Any text; only its first 256 characters count.
    """
    name, email = name[:MAX_SOURCE], email[:MAX_SOURCE]
    local, _, domain = email.partition("@")
    parts = name.split()
    words = (email, local, *domain.split(".")[:-1], name, *parts, "".join(parts))
    return frozenset(form for word in words for form in (word.casefold(), core(word)))


def is_made_of(text: str, words: frozenset[str]) -> bool:
    """Return whether a text is one of some words, but for case and up to 6 characters around it."""
    return not words.isdisjoint((text.casefold(), core(text)))


def is_pattern(text: str) -> bool:
    """Return whether a text repeats a few characters, or consists of rows such as `abcd1234`."""
    size = len(text)
    is_repeated = any((text[:unit] * size)[:size] == text for unit in range(1, MAX_UNIT + 1))
    return is_repeated or _runs(text) <= MAX_RUNS


def _runs(text: str) -> int:
    """Count the rows of a text: equal characters, or neighbours in the order of code points."""
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    runs, current = 1, None
    for step in steps:
        if step in {-1, 0, 1} and current in {None, step}:
            current = step
        else:
            runs, current = runs + 1, None
    return runs
