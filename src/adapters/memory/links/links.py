"""Links in memory."""

from dataclasses import replace
from datetime import datetime

from typing_extensions import override

from latchkey.adapters.memory.tables import Access, Tables
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.kernel.identifier import first_id_of
from latchkey.domain.links.link import (
    FIRST_PASSWORD,
    NO_PASSWORD,
    Binding,
    FoundLink,
    Link,
    LinkRepository,
)
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
            if link is None or link.binding is not None or link.kind.makes_user:
                return
            account = tables.account_of(link.email)
            if account is None or account.user.is_disabled:
                return
            binding = Binding(user_id=account.user.id, password_version=account.password_version)
            tables.links.put(link_id, replace(link, binding=binding))

    @override
    async def find(self, link_id: LinkId) -> FoundLink | None:
        tables = await self._access.read()
        link = tables.links.get(link_id)
        return found_with_users(link, tables) if link else None

    @override
    async def use(self, link_id: LinkId, *, result_version: int) -> bool:
        async with self._access.change() as tables:
            link = tables.links.get(link_id)
            if link is None or link.result_version is not None:
                return False
            tables.links.put(link_id, replace(link, result_version=result_version))
            return True

    @override
    async def use_for(self, link_id: LinkId, user_id: UserId) -> bool:
        async with self._access.change() as tables:
            link = tables.links.get(link_id)
            if link is None or link.result_version is not None:
                return False
            made = Binding(user_id=user_id, password_version=NO_PASSWORD)
            used = replace(link, binding=made, result_version=FIRST_PASSWORD)
            tables.links.put(link_id, used)
            return True

    @override
    async def prune(self, created_before: datetime, *, limit: int) -> int:
        first_kept = first_id_of(created_before)
        async with self._access.change() as tables:
            old = [link.id for link in tables.links.rows() if link.id < first_kept][:limit]
            for link_id in old:
                tables.links.put(link_id, None)
            return len(old)


def found_with_users(link: Link, tables: Tables) -> FoundLink:
    """Return a link with the users whom it concerns."""
    return FoundLink(
        link=link,
        credential=_credential_of(link, tables),
        is_vouched=_is_vouched(link, tables),
    )


def _credential_of(link: Link, tables: Tables) -> PasswordCredential | None:
    if link.binding is not None:
        return tables.accounts.get(link.binding.user_id)
    return tables.account_of(link.email) if link.kind.makes_user else None


def _is_vouched(link: Link, tables: Tables) -> bool:
    if link.invitation is None or link.invitation.by is None:
        return link.invitation is not None
    inviter = tables.accounts.get(link.invitation.by)
    return inviter is not None and inviter.user.role is Role.ADMIN and not inviter.user.is_disabled
