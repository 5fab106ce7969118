"""Passwords: what may be one, and the port that turns one into a hash."""

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from latchkey.domain.kernel.errors import InvalidInputError, Violation

MIN_CODE_POINTS: Final = 8
MAX_CODE_POINTS: Final = 128
_UNPRINTABLE: Final = frozenset({"Cc", "Cs"})


@dataclass(frozen=True, slots=True, repr=False)
class Password:
    """A password as somebody typed it, normalised to NFC and otherwise untouched.

    Never printed: `repr` and `str` show none of it.

    Source: RFC 8265, section 4.2 (OpaqueString); NIST SP 800-63B-4, section 3.1.1.2.
    """

    _text: str

    def __post_init__(self) -> None:
        """Normalise to NFC, the only change ever made."""
        object.__setattr__(self, "_text", unicodedata.normalize("NFC", self._text))

    def __repr__(self) -> str:
        """Hide the password."""
        return "Password(***)"

    def reveal(self) -> str:
        """Give the normalised text, for a hasher's eyes."""
        return self._text

    @property
    def is_acceptable(self) -> bool:
        """Whether a hash may be made of it: 8 to 128 code points, no control characters."""
        return not any(_faults(self._text))


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """What a hasher made of a password: scheme, cost, salt and digest in one string, hidden."""

    encoded: str = field(repr=False)


class PasswordBlocklist(ABC):
    """The passwords that guessers try first."""

    @abstractmethod
    def contains(self, password: str) -> bool:
        """Tell whether a password, whatever its case, is among the commonly used ones."""


class PasswordHasher(ABC):
    """Turns passwords into hashes, slowly and off the event loop."""

    @abstractmethod
    async def hash(self, password: Password) -> PasswordHash:
        """Hash a password that was checked by `check_new_password`.

        Raises:
            PasswordHasherBusyError: Too many passwords wait already.
        """

    @abstractmethod
    async def verify(self, password: Password, expected: PasswordHash | None) -> bool:
        """Tell whether a password is the one behind a hash.

        Takes the same work with no hash to compare with (then it's never right), with an
        unacceptable password and with a hash that can't be read.

        Raises:
            PasswordHasherBusyError: Too many passwords wait already.
        """

    @abstractmethod
    def is_outdated(self, stored: PasswordHash) -> bool:
        """Tell whether a hash is weaker than what `hash` would make today."""


def check_new_password(password: Password, *, email: str, blocklist: PasswordBlocklist) -> None:
    """Accept a new password for an account.

    Args:
        password: What the user typed.
        email: The account's e-mail address, as given.
        blocklist: The passwords that are too common to accept.

    Raises:
        InvalidInputError: It has fewer than 8 or more than 128 code points, has control
            characters, is common, or is the e-mail address. Names the field `password`.
    """
    text = password.reveal()
    faults = list(_faults(text))
    if not faults and text.casefold() in {email.casefold(), email.partition("@")[0].casefold()}:
        faults.append("must not be the e-mail address")
    if not faults and blocklist.contains(text):
        faults.append("is one of the most common passwords")
    if faults:
        raise InvalidInputError(*(Violation("password", fault) for fault in faults))


def _faults(text: str) -> Iterator[str]:
    if not MIN_CODE_POINTS <= len(text) <= MAX_CODE_POINTS:
        yield f"must have {MIN_CODE_POINTS} to {MAX_CODE_POINTS} characters"
    if any(unicodedata.category(character) in _UNPRINTABLE for character in text):
        yield "must not have control characters"
