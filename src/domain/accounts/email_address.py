"""E-mail addresses, their canonical form, and the rules for new ones."""

import re
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Final

from latchkey.domain.kernel.errors import InvalidInputError, Violation

MAX_EMAIL_BYTES: Final = 254

# Python normalises a run of combining marks in quadratic time (CPython issue 149079), so a longer
# text is not normalised at all. No address is lost: NFD is the longest form of a text, and has at
# most three code points for every two bytes of NFC (U+01D5, which is two bytes, has three).
MAX_TYPED_CODE_POINTS: Final = 3 * MAX_EMAIL_BYTES // 2

MAX_LOCAL_BYTES: Final = 64

_TOO_LONG: Final = f"must have at most {MAX_EMAIL_BYTES} bytes"
_ASCII_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_FORBIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
_JOINERS: Final = {ord("\u200c"): None, ord("\u200d"): None}  # Persian and Indic domains need them
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
_DOT_ATOM: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An e-mail address as given, and the canonical form that makes it unique.

    Attributes:
        text: The address as given, in NFC, at most 254 bytes. This is stored and shown.
        canonical: The local part with its ASCII letters in lower case, and the domain in its
            ASCII form; at most 254 bytes.
    """

    text: str
    canonical: str = field(repr=False)

    def __str__(self) -> str:
        return self.text

    @property
    def domain(self) -> str:
        """The canonical domain."""
        return self.canonical.rpartition("@")[2]

    @property
    def mailbox(self) -> str:
        """Where mail goes to: the local part as given, and the domain in its ASCII form."""
        return f"{self.text.rpartition('@')[0]}@{self.canonical.rpartition('@')[2]}"

    @property
    def hint(self) -> str:
        """Enough of the address for its owner to recognise it: the first character, and the domain.

        Such as "a…@example.com".
        """
        local, _, domain = self.text.rpartition("@")
        return f"{local[:1]}…@{domain}"


class DomainNames(ABC):
    """Knows which domain names are valid, and which spellings mean the same domain."""

    @abstractmethod
    def to_ascii(self, name: str) -> str | None:
        """Return the ASCII form of a domain name, or None if it cannot be a host's.

        Two spellings of one name have the same form: upper and lower case, Unicode and `xn--`.
        Different names have different forms, such as `fass.de` and `fa\u00df.de`. A name with a dot
        at its end has no ASCII form.

        Source: RFC 5891 (IDNA 2008); UTS 46, section 4, non-transitional; RFC 1123, section 2.1.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailAddressParser:
    """Parses e-mail addresses.

    Attributes:
        domains: Says which spellings of a domain are the same.
        min_labels: The minimum number of labels in the domain of a new address; 2 excludes names
            such as `localhost`.
    """

    domains: DomainNames
    min_labels: int = 2

    def parse(self, text: str) -> EmailAddress:
        """Parse an address that is used to find a user.

        The rules for new addresses do not apply: a user who was brought over from another service
        may have an address that cannot be set here. In the local part only ASCII letters are
        lowercased. Characters that differ in NFC, such as a dotless i and an i, stay different.

        Raises:
            InvalidInputError: The address has more than 254 bytes, does not have exactly one `@`
                with text on both sides, or contains spaces or control characters. Names the field
                `email`.

        Source: RFC 5321, section 4.5.3.1.3 with erratum 1690 (254 bytes).
        """
        address, _ = self._parse(text)
        return address

    def parse_new(self, text: str) -> EmailAddress:
        """Parse the new address of a user.

        Raises:
            InvalidInputError: `parse` would raise it, or the local part is not a dot-atom of at
                most 64 bytes, or the domain is not the name of a host. Names the field `email`.

        Source: RFC 5322, section 3.2.3; RFC 6532, section 3.2; RFC 5321, section 4.5.3.1.1.
        """
        address, domain = self._parse(text)
        local = address.text.partition("@")[0]
        if len(local.encode()) > MAX_LOCAL_BYTES:
            raise _invalid(f"must have at most {MAX_LOCAL_BYTES} bytes before the @")
        if not _DOT_ATOM.fullmatch(local):
            raise _invalid("must not have quotes, brackets, commas or stray dots before the @")
        labels = domain.split(".") if domain else []
        if len(labels) < self.min_labels or labels[-1].isdigit():
            raise _invalid("must have a valid domain")
        return address

    def _parse(self, text: str) -> tuple[EmailAddress, str | None]:
        """Return an address, and the ASCII form of its domain if it has one."""
        if len(text) > MAX_TYPED_CODE_POINTS:
            raise _invalid(_TOO_LONG)
        given = unicodedata.normalize("NFC", text)
        local, domain = _split(given)
        _check_length(given)
        ascii_domain = self.domains.to_ascii(domain)
        found = ascii_domain or domain.translate(_ASCII_LOWER)
        canonical = f"{local.translate(_ASCII_LOWER)}@{found}"
        _check_length(canonical)  # the ASCII form may be longer
        return EmailAddress(given, canonical), ascii_domain


def _check_length(address: str) -> None:
    if len(address.encode()) > MAX_EMAIL_BYTES:
        raise _invalid(_TOO_LONG)


def _split(address: str) -> tuple[str, str]:
    local, _, domain = address.partition("@")
    if address.count("@") != 1 or not local or not domain:
        raise _invalid("must have exactly one @, with text on both sides")
    characters = local + domain.translate(_JOINERS)
    if any(unicodedata.category(character) in _FORBIDDEN for character in characters):
        raise _invalid("must not contain spaces or control characters")
    return local, domain


def _invalid(message: str) -> InvalidInputError:
    return InvalidInputError(Violation("email", message))
