"""Links in PostgreSQL."""

from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    delete,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from typing_extensions import override

from latchkey.adapters.postgres.accounts.rows import CREDENTIAL, credential_of
from latchkey.adapters.postgres.accounts.tables import users
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import PRUNES_ALONE, Statement
from latchkey.adapters.postgres.links.rows import LINK, link_of
from latchkey.adapters.postgres.links.tables import links
from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.kernel.identifier import first_id_of
from latchkey.domain.links.link import (
    FIRST_PASSWORD,
    NO_PASSWORD,
    FoundLink,
    Link,
    LinkRepository,
)
from latchkey.domain.links.link_token import LinkId, LinkKind

_RESETS: Final[ColumnElement[str]] = literal_column(f"'{LinkKind.PASSWORD_RESET}'")
_ADMIN: Final[ColumnElement[str]] = literal_column(f"'{Role.ADMIN}'")

_ADD: Final = Statement(insert(links))
BIND: Final = Statement(
    update(links)
    .where(
        links.c.id == bindparam("link_id"),
        links.c.user_id.is_(None),
        links.c.kind == _RESETS,
        users.c.email_canonical == links.c.email_canonical,
        users.c.disabled_at.is_(None),
    )
    .values(user_id=users.c.id, password_version=users.c.password_version)
)
_holders = users.alias("holders")
_inviters = users.alias("inviters")
_holder = (
    select(_holders.c.id)
    .where(
        _holders.c.email_canonical == links.c.email_canonical,
        links.c.kind != _RESETS,
    )
    .scalar_subquery()
)
_is_vouched = and_(
    links.c.role.is_not(None),
    or_(
        links.c.invited_by.is_(None),
        select(_inviters.c.id)
        .where(
            _inviters.c.id == links.c.invited_by,
            _inviters.c.role == _ADMIN,
            _inviters.c.disabled_at.is_(None),
        )
        .exists(),
    ),
)
FIND: Final = Statement(
    select(
        *LINK,
        _is_vouched.label("is_vouched"),
        *CREDENTIAL,
    )
    .select_from(
        links.outerjoin(
            users,
            users.c.id == case((links.c.user_id.is_not(None), links.c.user_id), else_=_holder),
        )
    )
    .where(links.c.id == bindparam("link_id")),
    is_read=True,
)
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
        if row is None:
            return None
        credential = credential_of(row) if row["user_id"] else None
        return FoundLink(link=link_of(row), credential=credential, is_vouched=row["is_vouched"])

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
