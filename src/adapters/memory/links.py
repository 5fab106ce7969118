"""Links in memory."""

from dataclasses import replace
from datetime import datetime

from typing_extensions import override

from latchkey.adapters.memory.tables import Access
from latchkey.domain.kernel.identifier import first_id_of
from latchkey.domain.links.link import Binding, FoundLink, Link, LinkRepository
from latchkey.domain.links.link_token import LinkId


class MemoryLinkRepository(LinkRepository):
    """Looks a link's user up by the index of canonical addresses."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def add(self, link: Link) -> None:
        async with self._access.change() as tables:
            tables.links.put(link.id, link)

    @override
    async def bind(self, link_id: LinkId) -> None:
        async with self._access.change() as tables:
            link = tables.links.get(link_id)
            if link is None or link.binding is not None:
                return
            user_id = tables.emails.get(link.email)
            account = tables.accounts.get(user_id) if user_id else None
            if account is None or account.user.is_disabled:
                return
            binding = Binding(user_id=account.user.id, password_version=account.password_version)
            tables.links.put(link_id, replace(link, binding=binding))

    @override
    async def find(self, link_id: LinkId) -> FoundLink | None:
        tables = await self._access.read()
        link = tables.links.get(link_id)
        if link is None:
            return None
        account = tables.accounts.get(link.binding.user_id) if link.binding else None
        return FoundLink(link=link, credential=account)

    @override
    async def use(self, link_id: LinkId, *, result_version: int) -> bool:
        async with self._access.change() as tables:
            link = tables.links.get(link_id)
            if link is None or link.result_version is not None:
                return False
            tables.links.put(link_id, replace(link, result_version=result_version))
            return True

    @override
    async def prune(self, created_before: datetime, *, limit: int) -> int:
        first_kept = first_id_of(created_before)
        async with self._access.change() as tables:
            old = [link.id for link in tables.links.rows() if link.id < first_kept][:limit]
            for link_id in old:
                tables.links.put(link_id, None)
            return len(old)
