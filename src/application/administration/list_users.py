"""List users, all or those of a role or status (docs/flow.md, U1 and AD8)."""

from dataclasses import dataclass
from typing import Final

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.accounts.user import Role, User, UserRepository
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.sessions.access_token import Principal

LOOKED_AT: Final = 1_000
"""Users who are looked at for one page with a filter, at most."""

_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFilter:
    """Which users are wanted. What is None does not matter.

    Attributes:
        role: Only users with this role.
        disabled: Only users who are disabled, or only those who are not.
    """

    role: Role | None = None
    disabled: bool | None = None

    def matches(self, user: User) -> bool:
        """Return whether a user is wanted."""
        has_role = self.role in {None, user.role}
        return has_role and self.disabled in {None, user.is_disabled}


ANYBODY: Final = UserFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUsers:
    """List users, after checking that the administrator still is one.

    With a filter, each page costs `LOOKED_AT` users at most, however many there are and however
    few match. So there is no index for each filter, which every new user would pay for.
    """

    current_user: CurrentUser
    users: UserRepository

    async def __call__(
        self,
        principal: Principal,
        wanted: UserFilter = ANYBODY,
        *,
        after: Position | None,
        limit: int,
    ) -> Page[User]:
        """List users, newest first.

        Args:
            principal: The administrator.
            wanted: Which users.
            after: Where the previous page ended, or None for the first page.
            limit: The maximum number of users, 1 to 100.

        Returns:
            A page. With a filter, it may have fewer users, or none, and still be followed by more.

        Raises:
            AccessTokenStaleError: The administrator's session has ended or role has changed.
        """
        await self.current_user(principal)
        if wanted == ANYBODY:
            return await self.users.page(after=after, limit=limit)
        return await self._matching(wanted, after, limit)

    async def _matching(self, wanted: UserFilter, after: Position | None, limit: int) -> Page[User]:
        """Look at users until one more than `limit` matches, which shows that there are more."""
        found: list[User] = []
        position = after
        for _ in range(LOOKED_AT // _AT_ONCE):
            page = await self.users.page(after=position, limit=_AT_ONCE)
            found.extend(filter(wanted.matches, page.items))
            if len(found) > limit:
                last = found[limit - 1]
                more = Position(created_at=last.created_at, id=last.id)
                return Page(items=tuple(found[:limit]), next=more)
            position = page.next
            if position is None:
                break
        return Page(items=tuple(found), next=position)
