"""Users, their names and roles, and the port that stores them."""

import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.domain.kernel.page import Page, Position

UserId = NewType("UserId", UUID)


MAX_NAME_CODE_POINTS: Final = 200


class Role(StrEnum):
    """What a user may do."""

    ADMIN = "ADMIN"
    USER = "USER"


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
    async def set_role(self, user_id: UserId, role: Role) -> bool:
        """Set a user's role.

        Returns:
            Whether the user exists.
        """

    @abstractmethod
    async def disable(self, user_id: UserId, at: datetime) -> bool:
        """Disable a user. One who is disabled already keeps the earlier instant.

        Returns:
            Whether the user exists.
        """

    @abstractmethod
    async def enable(self, user_id: UserId) -> bool:
        """Enable a user; one who is enabled already stays so.

        Returns:
            Whether the user exists.
        """
