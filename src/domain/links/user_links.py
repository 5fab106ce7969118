"""The port that looks at links from the side of the user whom they are bound to."""

from abc import ABC, abstractmethod

from latchkey.domain.accounts.user import UserId
from latchkey.domain.links.link import FoundLink


class UserLinkRepository(ABC):
    """Finds and deletes the links of one user. Each method is one atomic step."""

    @abstractmethod
    async def change_of(self, user_id: UserId) -> FoundLink | None:
        """Return the user's newest link of the kind EMAIL_CHANGE that was not used, or None.

        It may have expired, or stand on another password.
        """

    @abstractmethod
    async def withdraw_changes(self, user_id: UserId) -> bool:
        """Delete the user's links of the kind EMAIL_CHANGE that were not used.

        Returns:
            Whether there was one.
        """

    @abstractmethod
    async def delete_all(self, user_id: UserId) -> None:
        """Delete all links that are bound to the user, of any kind, used or not."""
