"""Users, and the port that stores them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.kernel.page import Page, Position

UserId = NewType("UserId", UUID)


class Role(StrEnum):
    """A user's role. Administrators may also list and create users."""

    ADMIN = "ADMIN"
    USER = "USER"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person with an account. Contains no secret.

    Attributes:
        name: The display name, 1 to 200 code points.
        created_at: Aware UTC datetime. Users are listed by it, newest first.
        disabled_at: Aware UTC datetime, or None if the user is enabled.
    """

    id: UserId
    email: EmailAddress
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None

    @property
    def is_disabled(self) -> bool:
        """Whether the user can neither log in nor refresh a session."""
        return self.disabled_at is not None

    @property
    def is_erased(self) -> bool:
        """Whether the account was deleted: only the id means something."""
        return not self.email.text

    def erased(self, at: datetime) -> "User":
        """Return what is left of a user whose account is deleted: no name, and nobody's address.

        Args:
            at: When the account is deleted, aware UTC. From then on the user is disabled.
        """
        nobody = EmailAddress("", f"erased:{self.id}")  # no address has this canonical form
        disabled_at = self.disabled_at or at
        return replace(self, email=nobody, name="", disabled_at=disabled_at)


class UserRepository(ABC):
    """Stores users. The canonical form of their e-mail addresses is unique.

    An erased user is not listed, and is for all changes as if there were none.
    """

    @abstractmethod
    async def by_email(self, email: EmailAddress) -> User | None:
        """Return the user with this canonical address, enabled or disabled, or None."""

    @abstractmethod
    async def find(self, user_id: UserId) -> User | None:
        """Return the user with this identifier, enabled or disabled, or None."""

    @abstractmethod
    async def page(self, *, after: Position | None, limit: int) -> Page[User]:
        """List users by `(created_at, id)`, descending.

        Args:
            after: The end of the previous page, or None for the first page.
            limit: The maximum number of users, 1 to 100.
        """

    @abstractmethod
    async def add(self, user: User, password_hash: PasswordHash) -> None:
        """Store a new user with password version 1.

        Of concurrent calls with the same address, exactly one succeeds.

        Raises:
            EmailTakenError: Another user has the address.
        """

    @abstractmethod
    async def add_first_admin(self, user: User, password_hash: PasswordHash) -> None:
        """Store a new user if no user has the role ADMIN.

        Of concurrent calls, exactly one succeeds.

        Raises:
            AlreadyBootstrappedError: A user has the role ADMIN.
            EmailTakenError: Another user has the address.
        """

    @abstractmethod
    async def lock(self, user_id: UserId) -> None:
        """Lock a user against changes by others until the unit of work ends.

        Waits for changes in progress. Reads after the lock see everything that was committed before
        it. Outside a unit of work, this has no effect.
        """

    @abstractmethod
    async def lock_administration(self) -> None:
        """Keep others from changing who is an administrator until the unit of work ends.

        Waits for such changes in progress. Call it before any other lock, so that administrators
        who change each other cannot deadlock. Outside a unit of work, this has no effect.
        """

    @abstractmethod
    async def set_email(self, user_id: UserId, email: EmailAddress) -> bool:
        """Set a user's e-mail address, both its text and its canonical form.

        Returns:
            Whether the user exists.

        Raises:
            EmailTakenError: Another user has the address.
        """

    @abstractmethod
    async def set_name(self, user_id: UserId, name: str) -> bool:
        """Set a user's display name.

        Returns:
            Whether the user exists.
        """

    @abstractmethod
    async def set_role(self, user_id: UserId, role: Role) -> User | None:
        """Set a user's role.

        Of concurrent calls that would leave no enabled administrator, one fails.

        Returns:
            The user as changed, or None if there is no such user.

        Raises:
            LastAdminError: The user is the only enabled administrator, and would not be one.
        """

    @abstractmethod
    async def disable(self, user_id: UserId, at: datetime) -> User | None:
        """Disable a user. A user who is already disabled keeps the earlier `disabled_at`.

        Of concurrent calls that would leave no enabled administrator, one fails.

        Returns:
            The user as changed, or None if there is no such user.

        Raises:
            LastAdminError: The user is the only enabled administrator.
        """

    @abstractmethod
    async def enable(self, user_id: UserId) -> User | None:
        """Enable a user; does nothing if the user is enabled.

        Returns:
            The user as changed, or None if there is no such user.
        """
