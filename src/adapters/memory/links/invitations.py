"""Open invitations in memory."""

from collections.abc import Iterator
from datetime import datetime

from typing_extensions import override

from latchkey.adapters.memory.page import page
from latchkey.adapters.memory.tables import Access, Tables
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import Role
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.links.invitations import InvitationRepository
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_token import LinkId


class MemoryInvitationRepository(InvitationRepository):
    """Looks at all links for each page."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def page(self, *, now: datetime, after: Position | None, limit: int) -> Page[Link]:
        tables = await self._access.read()
        newest: dict[str, Link] = {}
        for link in sorted(_unused(tables), key=lambda link: link.id):
            if link.expires_at > now and tables.account_of(link.email) is None:
                newest[link.email.canonical] = link
        return page(newest.values(), after=after, limit=limit)

    @override
    async def withdraw(self, link_id: LinkId) -> EmailAddress | None:
        async with self._access.change() as tables:
            named = next((link for link in _unused(tables) if link.id == link_id), None)
            if named is None:
                return None
            for link in list(_unused(tables)):
                if link.email.canonical == named.email.canonical:
                    tables.links.put(link.id, None)
            return named.email

    @override
    async def withdraw_others(self, email: EmailAddress, role: Role) -> None:
        async with self._access.change() as tables:
            for link in list(_unused(tables)):
                is_other = link.invitation is not None and link.invitation.role is not role
                if is_other and link.email.canonical == email.canonical:
                    tables.links.put(link.id, None)


def _unused(tables: Tables) -> Iterator[Link]:
    return (
        link
        for link in tables.links.rows()
        if link.invitation is not None and link.result_version is None
    )
