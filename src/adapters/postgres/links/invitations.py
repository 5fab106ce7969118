"""Open invitations in PostgreSQL."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, literal_column, select
from typing_extensions import override

from latchkey.adapters.postgres.accounts.tables import users
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.paging import page_of
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.adapters.postgres.links.rows import LINK, link_of
from latchkey.adapters.postgres.links.tables import links
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import Role
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.links.invitations import InvitationRepository
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_token import LinkId, LinkKind

_INVITATION: Final[ColumnElement[str]] = literal_column(f"'{LinkKind.INVITATION}'")
_newer = links.alias("newer")
_named = links.alias("named")

_IS_UNUSED: Final = and_(links.c.kind == _INVITATION, links.c.result_version.is_(None))
_OPEN: Final = select(*LINK).where(
    _IS_UNUSED,
    links.c.expires_at > bindparam("now"),
    ~select(users.c.id).where(users.c.email_canonical == links.c.email_canonical).exists(),
    ~select(_newer.c.id)
    .where(
        _newer.c.email_canonical == links.c.email_canonical,
        _newer.c.kind == _INVITATION,
        _newer.c.result_version.is_(None),
        _newer.c.expires_at > bindparam("now"),
        _newer.c.id > links.c.id,
    )
    .exists(),
)


def _page(rows: Select[Any]) -> Statement:
    return Statement(rows.order_by(links.c.id.desc()).limit(bindparam("limit")), is_read=True)


FIRST_PAGE: Final = _page(_OPEN)
NEXT_PAGE: Final = _page(_OPEN.where(links.c.id < bindparam("after")))
"""An identifier starts with the time of the request, so that its order is that of the requests."""

_address = (
    select(_named.c.email_canonical)
    .where(
        _named.c.id == bindparam("link_id"),
        _named.c.kind == _INVITATION,
        _named.c.result_version.is_(None),
    )
    .scalar_subquery()
)
WITHDRAW: Final = Statement(
    delete(links).where(_IS_UNUSED, links.c.email_canonical == _address).returning(*LINK)
)
WITHDRAW_OTHERS: Final = Statement(
    delete(links)
    .where(
        _IS_UNUSED,
        links.c.email_canonical == bindparam("email"),
        links.c.role != bindparam("kept"),
    )
    .returning(links.c.id)
)


class PostgresInvitationRepository(InvitationRepository):
    """Finds invitations by an index of those that were not used."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def page(self, *, now: datetime, after: Position | None, limit: int) -> Page[Link]:
        statement = FIRST_PAGE if after is None else NEXT_PAGE
        place = {} if after is None else {"after": after.id}
        rows = await self._access.rows(statement, now=now, limit=limit + 1, **place)
        return page_of([link_of(row) for row in rows], limit)

    @override
    async def withdraw(self, link_id: LinkId) -> EmailAddress | None:
        rows = await self._access.rows(WITHDRAW, link_id=link_id)
        return next((link_of(row).email for row in rows if row["id"] == link_id), None)

    @override
    async def withdraw_others(self, email: EmailAddress, role: Role) -> None:
        await self._access.rows(WITHDRAW_OTHERS, email=email.canonical, kept=role)
