"""Look at one user (docs/flow.md, F66)."""

from dataclasses import dataclass

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.accounts.user import User, UserId, UserRepository
from latchkey.domain.kernel.errors import NotFoundError
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class GetUser:
    """Return one user, after checking that the administrator still is one."""

    current_user: CurrentUser
    users: UserRepository

    async def __call__(self, principal: Principal | None, user_id: UserId) -> User:
        """Return the user with this identifier, enabled or disabled.

        Args:
            principal: The administrator, or None for an operator on the command line.
            user_id: Whom to look at.

        Raises:
            AccessTokenStaleError: The administrator's session has ended or role has changed.
            NotFoundError: There is no such user.
        """
        if principal is not None:
            await self.current_user(principal)
        user = await self.users.find(user_id)
        if user is None:
            raise NotFoundError
        return user
