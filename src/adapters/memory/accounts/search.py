"""The search for users in memory."""

from typing_extensions import override

from latchkey.adapters.memory.tables import Access
from latchkey.domain.accounts.user import User
from latchkey.domain.accounts.user_search import UserSearch, folded


class MemoryUserSearch(UserSearch):
    """Looks at all users for each search."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def beginning(self, text: str, *, limit: int) -> tuple[User, ...]:
        tables = await self._access.read()
        wanted = folded(text)
        accounts = tables.accounts.rows()
        users = [account.user for account in accounts if not account.user.is_erased]
        by_address = [user for user in users if user.email.canonical.startswith(wanted)]
        by_name = [user for user in users if folded(user.name).startswith(wanted)]
        by_address.sort(key=lambda user: user.email.canonical)
        by_name.sort(key=lambda user: (folded(user.name), user.id))
        found = {user.id: user for user in [*by_address, *by_name]}
        return tuple(found.values())[:limit]
