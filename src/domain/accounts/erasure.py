"""The port that erases users."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Final

from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.accounts.user import UserId

NO_PASSWORD_HASH: Final = PasswordHash("!")
"""What an erased user has instead of a hash. No password has it."""


class UserErasure(ABC):
    """Erases users. What refers to them, such as orders, keeps their ids."""

    @abstractmethod
    async def erase(self, user_id: UserId, at: datetime) -> bool:
        """Erase a user: `User.erased`, with `NO_PASSWORD_HASH` and the next password version.

        The address is free for another user at once. Of concurrent calls for all administrators
        who are enabled, one fails, so one of them is always left.

        Args:
            user_id: The user. In a unit of work, call `lock_administration` first, then `lock`.
            at: When the account is deleted, aware UTC.

        Returns:
            Whether the user was there and not erased before. If not, nothing has changed.

        Raises:
            LastAdminError: No other user is enabled and has the role ADMIN, but this one does.
        """
