"""Find users by a part of their data (docs/flow.md, AD1)."""

from dataclasses import dataclass
from uuid import UUID

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.accounts.user import User, UserId, UserRepository
from latchkey.domain.accounts.user_search import UserSearch
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchUsers:
    """Find users, after checking that the administrator still is one."""

    current_user: CurrentUser
    users: UserRepository
    user_search: UserSearch

    async def __call__(self, principal: Principal, query: str, *, limit: int) -> tuple[User, ...]:
        """Find the user with an identifier, or users by the beginning of their address or name.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        await self.current_user(principal)
        user_id = _identifier(query)
        if "\0" in query:  # PostgreSQL stores no such text, and reads none
            return ()
        if user_id is None:
            return await self.user_search.beginning(query, limit=limit)
        user = await self.users.find(user_id)
        return (user,) if user else ()


def _identifier(query: str) -> UserId | None:
    try:
        found = UUID(query)
    except ValueError:
        return None
    return UserId(found) if str(found) == query.lower() else None
