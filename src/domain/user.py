"""Users, their e-mail addresses and roles, and the port that keeps them."""

import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType, Self
from uuid import UUID

from domain.errors import InvalidInputError, Violation
from domain.page import Page, Position
from domain.password import PasswordHash

UserId = NewType("UserId", UUID)

MAX_EMAIL_BYTES: Final = 254
MAX_NAME_CODE_POINTS: Final = 200
_ASCII_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_FORBIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})


class Role(StrEnum):
    """What a user may do."""

    ADMIN = "ADMIN"
    USER = "USER"


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An e-mail address as given, and the canonical form by which it is unique.

    Attributes:
        text: As given, in NFC: what is stored and shown.
        canonical: The local part with ASCII letters in lower case, the domain in its IDNA
            form; at most 254 bytes, like the address itself.
    """

    text: str
    canonical: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address.

        Only ASCII letters are folded in the local part: what NFC tells apart, like a dotless i
        and an i, stays apart.

        Raises:
            InvalidInputError: More than 254 bytes, not exactly one `@` with something on both
                sides, blanks or control characters, or a domain that IDNA refuses. Names the
                field `email`.

        Source: RFC 5321, section 4.5.3.1.3 with erratum 1690 (254 bytes); RFC 3490 (IDNA).
        """
        given = unicodedata.normalize("NFC", text)
        _check_form(given)
        local, _, domain = given.partition("@")
        canonical = f"{local.translate(_ASCII_LOWER)}@{_idna(domain)}"
        _check_form(canonical)  # again, for IDNA makes dots, blanks and @ of some characters
        return cls(given, canonical)

    def __str__(self) -> str:
        """Show the address as given."""
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in. Has no secret in it.

    Attributes:
        disabled_at: When the user was shut out, or None.
        created_at: Aware UTC datetime; users are listed by it, newest first.
    """

    id: UserId
    email: EmailAddress
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None

    @property
    def is_disabled(self) -> bool:
        """Whether the user is shut out."""
        return self.disabled_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What a user signs in with, read at one instant.

    Attributes:
        password_version: Grows by one with each change of the password, not with an upgrade
            of its hash. A session is made only under the version that was read here.
    """

    user: User
    password_hash: PasswordHash
    password_version: int


def check_name(text: str) -> str:
    """Accept a user's display name: 1 to 200 code points, not all blank, no control characters.

    Raises:
        InvalidInputError: It breaks one of these. Names the field `name`.
    """
    if not text.strip() or len(text) > MAX_NAME_CODE_POINTS:
        raise InvalidInputError(
            Violation("name", f"must have 1 to {MAX_NAME_CODE_POINTS} characters")
        )
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise InvalidInputError(Violation("name", "must not have control characters"))
    return text


class UserRepository(ABC):
    """Keeps users. E-mail addresses are unique by canonical form."""

    @abstractmethod
    async def by_email(self, email: EmailAddress) -> User | None:
        """Find a user by the canonical form of an address, disabled or not."""

    @abstractmethod
    async def page(self, *, after: Position | None, limit: int) -> Page[User]:
        """List users by `(created_at, id)`, descending.

        Args:
            after: Where the previous page ended, or None to begin.
            limit: At most so many, 1 to 100.
        """

    @abstractmethod
    async def add(self, user: User, password_hash: PasswordHash) -> None:
        """Keep a new user, with password version 1.

        Raises:
            EmailTakenError: Another user has the address. Of any number that try at once,
                exactly one succeeds.
        """

    @abstractmethod
    async def add_first_admin(self, user: User, password_hash: PasswordHash) -> None:
        """Keep a new user as long as no user with the role ADMIN exists.

        Raises:
            AlreadyBootstrappedError: There is an ADMIN. Of any number that try at once,
                exactly one succeeds.
            EmailTakenError: Another user has the address.
        """

    @abstractmethod
    async def change(
        self, user_id: UserId, *, role: Role | None = None, disabled_at: datetime | None = None
    ) -> bool:
        """Give a user another role, or shut the user out, or both; what is None stays.

        Returns:
            Whether there is such a user.
        """


class CredentialRepository(ABC):
    """Keeps what users sign in with. Users come and go through `UserRepository`."""

    @abstractmethod
    async def by_email(self, email: EmailAddress) -> Credential | None:
        """Find the credential of the user with an address, by its canonical form."""

    @abstractmethod
    async def change_password(self, user_id: UserId, new: PasswordHash) -> bool:
        """Set another password and count the password version up by one.

        Returns:
            Whether there is such a user.
        """

    @abstractmethod
    async def upgrade_hash(self, user_id: UserId, *, old: PasswordHash, new: PasswordHash) -> bool:
        """Replace the hash of the same password: only if `old` is still the one that is kept.

        Returns:
            Whether it was. Never changes the password version.
        """


def _check_form(address: str) -> None:
    local, _, domain = address.partition("@")
    if address.count("@") != 1 or not local or not domain:
        raise _invalid("must have one @ with something on both sides")
    if any(unicodedata.category(character) in _FORBIDDEN for character in address):
        raise _invalid("must not have blanks or control characters")
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
