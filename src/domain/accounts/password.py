"""Passwords: the rules for new ones, and the ports that check and hash them."""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from latchkey.domain.accounts.guessable import (
    MIN_COMMON,
    core,
    is_made_of,
    is_pattern,
    words_of,
)
from latchkey.domain.kernel.errors import InvalidInputError, Violation

MIN_CODE_POINTS: Final = 8
MAX_CODE_POINTS: Final = 128

# Python normalises a run of combining marks in quadratic time (CPython issue 149079), so a longer
# text is not normalised at all. No acceptable password is lost: NFD is the longest form of a text,
# and has at most four code points for each one of NFC (U+1F82 has four).
MAX_TYPED_CODE_POINTS: Final = 4 * MAX_CODE_POINTS

_UNPRINTABLE: Final = frozenset({"Cc", "Cs"})
_IN_NO_PASSWORD: Final = re.compile(r"[\x00\ud800-\udfff]")  # bcrypt repeats a password at a NUL


@dataclass(frozen=True, slots=True, repr=False)
class Password:
    """A password as typed, and the same text normalised to NFC and otherwise unchanged.

    Two passwords are equal if their NFC forms are. `repr` and `str` hide them.

    Source: RFC 8265, section 4.2 (OpaqueString); NIST SP 800-63B-4, section 3.1.1.2.
    """

    _typed: str = field(compare=False)
    _text: str = field(init=False)

    def __post_init__(self) -> None:
        is_too_long = len(self._typed) > MAX_TYPED_CODE_POINTS
        text = self._typed if is_too_long else unicodedata.normalize("NFC", self._typed)
        object.__setattr__(self, "_text", text)

    def __repr__(self) -> str:
        return "Password(***)"

    def reveal(self) -> str:
        """Return the normalised text, for hashers only."""
        return self._text

    @property
    def spellings(self) -> tuple[str, ...]:
        """The texts of which a stored hash may be the hash, for hashers only.

        The first is in NFC, as this service hashes it. The second is the text as typed, if that is
        different: other services hash it without normalising it. There are no spellings if the text
        is empty, has more than 512 code points, or contains NUL or a surrogate.

        The rules for new passwords do not apply: a user who was brought over from another service
        may have a password that is too short for this one.
        """
        if not 0 < len(self._typed) <= MAX_TYPED_CODE_POINTS or _IN_NO_PASSWORD.search(self._typed):
            return ()
        return (self._text,) if self._text == self._typed else (self._text, self._typed)


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """An encoded hash: scheme, cost, salt and digest in one string, hidden in `repr`."""

    encoded: str = field(repr=False)


class PasswordBlocklist(ABC):
    """The passwords that attackers try first."""

    @abstractmethod
    def contains(self, password: str) -> bool:
        """Return whether a password is common; case does not matter."""

    def was_breached(self, password: str) -> bool:  # noqa: ARG002 - others know some
        """Return whether a password is known from a breach; case matters. By default, none is."""
        return False


class PasswordHasher(ABC):
    """Hashes and verifies passwords, slowly and off the event loop."""

    @abstractmethod
    async def hash(self, password: Password) -> PasswordHash:
        """Hash a password that `check_new_password` has accepted or `verify` has found to match.

        Raises:
            PasswordHasherBusyError: Too many passwords are queued.
        """

    @abstractmethod
    async def verify(
        self, password: Password, expected: PasswordHash | None, clients: Sequence[str] = ()
    ) -> bool:
        """Return whether one of a password's spellings matches a hash.

        Returns False when there is no hash, when the password has no spelling and when the hash
        is unreadable. How much work it takes depends on the password alone, not on the hash or on
        the outcome.

        Args:
            password: As typed.
            expected: The hash that is stored, or None if there is none.
            clients: For whom, such as an account and a network; any texts. However many passwords
                one client queues, others still find a place.

        Raises:
            PasswordHasherBusyError: Too many passwords are queued, by all or by one of the clients.
                The password was not checked.
        """

    @abstractmethod
    def is_outdated(self, stored: PasswordHash, password: Password) -> bool:
        """Return whether a hash of a password is weaker than one that `hash` would create today.

        For example, it has a lower cost, or it covers only the beginning of the password.
        """


def check_new_password(
    password: Password,
    *,
    name: str,
    email: str,
    blocklist: PasswordBlocklist,
    field: str = "password",
) -> None:
    """Check a new password for an account.

    Args:
        password: The password as typed.
        name: The user's name, as given.
        email: The account's e-mail address, as given.
        blocklist: The passwords that are too common.
        field: The name of the field that the password came in.

    Raises:
        InvalidInputError: The password has fewer than 8 or more than 128 code points, contains
            control characters, is known from a breach, or is easy to guess: common, a pattern, or
            the e-mail address, the name or a part of them, also with a few digits or signs around
            it. Names the field.

    Source: NIST SP 800-63B-4, section 3.1.1.2 (blocklists and derivatives of their words).
    """
    text = password.reveal()
    faults = list(_faults(text)) or list(_guesses(text, words_of(name, email), blocklist))
    if faults:
        raise InvalidInputError(*(Violation(field, fault) for fault in faults))


def _guesses(text: str, own_words: frozenset[str], blocklist: PasswordBlocklist) -> Iterator[str]:
    """Yield why a text is easy to guess, or nothing."""
    word = core(text)
    if is_made_of(text, own_words):
        yield "must not be the e-mail address, the name, or a part of them"
    elif blocklist.contains(text):
        yield "is one of the most common passwords"
    elif len(word) >= MIN_COMMON and blocklist.contains(word):
        yield "is one of the most common passwords, with a few characters added"
    elif is_pattern(text):
        yield "must not be a repetition or a sequence"
    elif blocklist.was_breached(text):
        yield "is known from a breach, here or elsewhere"


def _faults(text: str) -> Iterator[str]:
    if not MIN_CODE_POINTS <= len(text) <= MAX_CODE_POINTS:
        yield f"must have {MIN_CODE_POINTS} to {MAX_CODE_POINTS} characters"
    if len(text) > MAX_TYPED_CODE_POINTS:
        return
    if any(unicodedata.category(character) in _UNPRINTABLE for character in text):
        yield "must not have control characters"
