"""Passwords: the rules for new ones, and the ports that check and hash them."""

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
    """A password as typed, normalised to NFC and otherwise unchanged.

    `repr` and `str` hide it.

    Source: RFC 8265, section 4.2 (OpaqueString); NIST SP 800-63B-4, section 3.1.1.2.
    """

    _text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "_text", unicodedata.normalize("NFC", self._text))

    def __repr__(self) -> str:
        return "Password(***)"

    def reveal(self) -> str:
        """Return the normalised text, for hashers only."""
        return self._text

    @property
    def is_acceptable(self) -> bool:
        """Whether it may be hashed: it has 8 to 128 code points and no control characters."""
        return not any(_faults(self._text))


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """An encoded hash: scheme, cost, salt and digest in one string, hidden in `repr`."""

    encoded: str = field(repr=False)


class PasswordBlocklist(ABC):
    """The common passwords, which attackers try first."""

    @abstractmethod
    def contains(self, password: str) -> bool:
        """Return whether a password is common; upper and lower case are the same."""


class PasswordHasher(ABC):
    """Hashes and verifies passwords, slowly and off the event loop."""

    @abstractmethod
    async def hash(self, password: Password) -> PasswordHash:
        """Hash a password that `check_new_password` has accepted.

        Raises:
            PasswordHasherBusyError: Too many passwords are queued.
        """

    @abstractmethod
    async def verify(self, password: Password, expected: PasswordHash | None) -> bool:
        """Return whether a password matches a hash.

        Returns False when there is no hash, when the password is unacceptable and when the hash
        is unreadable. Each of these takes the same amount of work as a real comparison.

        Raises:
            PasswordHasherBusyError: Too many passwords are queued.
        """

    @abstractmethod
    def is_outdated(self, stored: PasswordHash) -> bool:
        """Return whether a hash is weaker than one that `hash` would create today."""


def check_new_password(password: Password, *, email: str, blocklist: PasswordBlocklist) -> None:
    """Check a new password for an account.

    Args:
        password: The password as typed.
        email: The account's e-mail address, as given.
        blocklist: The passwords that are too common.

    Raises:
        InvalidInputError: The password has fewer than 8 or more than 128 code points, contains
            control characters, is common, or is the e-mail address or its local part. Names the
            field `password`.
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
