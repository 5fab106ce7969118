"""List users (docs/flow.md, U1)."""

from dataclasses import dataclass

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.accounts.user import User, UserRepository
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUsers:
    """List all users, after checking that the administrator still is one."""

    current_user: CurrentUser
    users: UserRepository

    async def __call__(
        self, principal: Principal, *, after: Position | None, limit: int
    ) -> Page[User]:
        """List users, newest first.

        Raises:
            AccessTokenInvalidError: The administrator's session has ended or role has changed.
        """
        await self.current_user(principal)
        return await self.users.page(after=after, limit=limit)
