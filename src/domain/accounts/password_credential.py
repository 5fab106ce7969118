"""Password credentials, and the port that stores them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.accounts.user import User, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordCredential:
    """What a user signs in with, read at one instant.

    Attributes:
        password_version: Grows by one with each change of the password, not with an upgrade
            of its hash. A session is made only under the version that was read here.
    """

    user: User
    password_hash: PasswordHash
    password_version: int


class PasswordCredentialRepository(ABC):
    """Keeps what users sign in with. Users come and go through `UserRepository`."""

    @abstractmethod
    async def by_email(self, email: EmailAddress) -> PasswordCredential | None:
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
