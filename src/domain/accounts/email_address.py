"""E-mail addresses, and the canonical form that makes them unique."""

import unicodedata
from dataclasses import dataclass, field
from typing import Final, Self

from latchkey.domain.kernel.errors import InvalidInputError, Violation

MAX_EMAIL_BYTES: Final = 254


_ASCII_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


_FORBIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An e-mail address as given, and the canonical form that makes it unique.

    Attributes:
        text: The address as given, in NFC, at most 254 bytes. This is stored and shown.
        canonical: The local part with its ASCII letters in lower case, and the domain in its
            IDNA form; at most 254 bytes.
    """

    text: str
    canonical: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse an address.

        In the local part only ASCII letters are lowercased. Characters that differ in NFC, such
        as a dotless i and an i, stay different.

        Raises:
            InvalidInputError: The address has more than 254 bytes, does not have exactly one `@`
                with text on both sides, contains spaces or control characters, or has a domain
                that IDNA rejects. Names the field `email`.

        Source: RFC 5321, section 4.5.3.1.3 with erratum 1690 (254 bytes); RFC 3490 (IDNA).
        """
        given = unicodedata.normalize("NFC", text)
        _check_form(given)
        local, _, domain = given.partition("@")
        canonical = f"{local.translate(_ASCII_LOWER)}@{_idna(domain)}"
        _check_form(canonical)  # again: IDNA turns some characters into dots, spaces or @
        return cls(given, canonical)

    def __str__(self) -> str:
        return self.text


def _check_form(address: str) -> None:
    local, _, domain = address.partition("@")
    if address.count("@") != 1 or not local or not domain:
        raise _invalid("must have exactly one @, with text on both sides")
    if any(unicodedata.category(character) in _FORBIDDEN for character in address):
        raise _invalid("must not contain spaces or control characters")
    if len(address.encode()) > MAX_EMAIL_BYTES:
        raise _invalid(f"must have at most {MAX_EMAIL_BYTES} bytes")
    if "" in domain.split(".")[:-1]:
        raise _invalid("must have a valid domain")


def _idna(domain: str) -> str:
    try:
        return domain.encode("idna").decode().lower()
    except UnicodeError:
        raise _invalid("must have a valid domain") from None


def _invalid(message: str) -> InvalidInputError:
    return InvalidInputError(Violation("email", message))
