"""Links in PostgreSQL."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, insert, literal_column, select, update
from typing_extensions import override

from latchkey.adapters.postgres.accounts.tables import users
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import PRUNES_ALONE, Statement
from latchkey.adapters.postgres.links.rows import FOUND, RESETS, found_of
from latchkey.adapters.postgres.links.tables import links
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.identifier import first_id_of
from latchkey.domain.links.link import (
    FIRST_PASSWORD,
    NO_PASSWORD,
    FoundLink,
    Link,
    LinkRepository,
)
from latchkey.domain.links.link_token import LinkId

_ADD: Final = Statement(insert(links))
BIND: Final = Statement(
    update(links)
    .where(
        links.c.id == bindparam("link_id"),
        links.c.user_id.is_(None),
        links.c.kind == RESETS,
        users.c.email_canonical == links.c.email_canonical,
        users.c.disabled_at.is_(None),
    )
    .values(user_id=users.c.id, password_version=users.c.password_version)
)
FIND: Final = Statement(FOUND.where(links.c.id == bindparam("link_id")), is_read=True)
USE: Final = Statement(
    update(links)
    .where(links.c.id == bindparam("link_id"), links.c.result_version.is_(None))
    .values(result_version=bindparam("version"))
    .returning(links.c.id)
)
USE_FOR: Final = Statement(
    update(links)
    .where(links.c.id == bindparam("link_id"), links.c.result_version.is_(None))
    .values(
        user_id=bindparam("made"),
        password_version=literal_column(str(NO_PASSWORD)),
        result_version=literal_column(str(FIRST_PASSWORD)),
    )
    .returning(links.c.id)
)
_old = (
    select(links.c.id)
    .where(PRUNES_ALONE, links.c.id < bindparam("first_kept"))
    .order_by(links.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("old")
)
PRUNE: Final = Statement(
    delete(links).where(links.c.id.in_(select(_old.c.id))).returning(links.c.id)
)


class PostgresLinkRepository(LinkRepository):
    """Keeps a link in a row, and reads it together with its user's."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def add(self, link: Link) -> None:
        binding, invitation = link.binding, link.invitation
        await self._access.row(
            _ADD,
            id=link.id,
            user_id=binding.user_id if binding else None,
            expires_at=link.expires_at,
            password_version=binding.password_version if binding else None,
            result_version=link.result_version,
            kind=link.kind,
            email_canonical=link.email.canonical,
            secret=link.secret,
            email=link.email.text,
            role=invitation.role if invitation else None,
            invited_by=invitation.by if invitation else None,
        )

    @override
    async def bind(self, link_id: LinkId) -> None:
        await self._access.row(BIND, link_id=link_id)

    @override
    async def find(self, link_id: LinkId) -> FoundLink | None:
        row = await self._access.row(FIND, link_id=link_id)
        return found_of(row) if row else None

    @override
    async def use(self, link_id: LinkId, *, result_version: int) -> bool:
        row = await self._access.row(USE, link_id=link_id, version=result_version)
        return row is not None

    @override
    async def use_for(self, link_id: LinkId, user_id: UserId) -> bool:
        return await self._access.row(USE_FOR, link_id=link_id, made=user_id) is not None

    @override
    async def prune(self, created_before: datetime, *, limit: int) -> int:
        first_kept = first_id_of(created_before)
        return len(await self._access.rows(PRUNE, first_kept=first_kept, limit=limit))
