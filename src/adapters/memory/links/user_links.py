"""The links of one user in memory."""

from operator import attrgetter

from typing_extensions import override

from latchkey.adapters.memory.links.links import found_with_users
from latchkey.adapters.memory.tables import Access, Tables
from latchkey.domain.accounts.user import UserId
from latchkey.domain.links.link import FoundLink, Link
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.links.user_links import UserLinkRepository


class MemoryUserLinkRepository(UserLinkRepository):
    """Looks at all links."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def change_of(self, user_id: UserId) -> FoundLink | None:
        tables = await self._access.read()
        newest = max(_changes_of(user_id, tables), key=attrgetter("id"), default=None)
        return found_with_users(newest, tables) if newest else None

    @override
    async def withdraw_changes(self, user_id: UserId) -> bool:
        async with self._access.change() as tables:
            withdrawn = _changes_of(user_id, tables)
            for link in withdrawn:
                tables.links.put(link.id, None)
            return bool(withdrawn)

    @override
    async def delete_all(self, user_id: UserId) -> None:
        async with self._access.change() as tables:
            for link in _links_of(user_id, tables):
                tables.links.put(link.id, None)


def _changes_of(user_id: UserId, tables: Tables) -> list[Link]:
    return [
        link
        for link in _links_of(user_id, tables)
        if link.kind is LinkKind.EMAIL_CHANGE and link.result_version is None
    ]


def _links_of(user_id: UserId, tables: Tables) -> list[Link]:
    return [
        link
        for link in tables.links.rows()
        if link.binding is not None and link.binding.user_id == user_id
    ]
