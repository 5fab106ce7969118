"""Password credentials, and the port that stores them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.accounts.user import User, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordCredential:
    """A user and the password hash that they sign in with, read at one instant.

    Attributes:
        password_version: Increases by one when the password is changed, but not when its hash
            is upgraded. A session is opened only if the version read here is still current.
        has_second_factor: Whether a password alone does not sign the user in.
    """

    user: User
    password_hash: PasswordHash
    password_version: int
    has_second_factor: bool = False


class PasswordCredentialRepository(ABC):
    """Stores password credentials. `UserRepository.add` creates them with their users."""

    @abstractmethod
    async def by_email(self, email: EmailAddress) -> PasswordCredential | None:
        """Return the credential of the user with this canonical address, or None."""

    @abstractmethod
    async def change_password(self, user_id: UserId, new: PasswordHash) -> int | None:
        """Replace the password hash and increase the password version by one.

        Returns:
            The new password version, or None if there is no such user.
        """

    @abstractmethod
    async def upgrade_hash(self, user_id: UserId, *, old: PasswordHash, new: PasswordHash) -> bool:
        """Replace the hash of an unchanged password if the stored hash is still `old`.

        The password version stays the same.

        Returns:
            Whether the hash was replaced.
        """
