"""The links of one user in PostgreSQL."""

from typing import Final

from sqlalchemy import ColumnElement, bindparam, delete, literal_column
from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.adapters.postgres.links.rows import FOUND, found_of
from latchkey.adapters.postgres.links.tables import links
from latchkey.domain.accounts.user import UserId
from latchkey.domain.links.link import FoundLink
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.links.user_links import UserLinkRepository

_CHANGES: Final[ColumnElement[str]] = literal_column(f"'{LinkKind.EMAIL_CHANGE}'")
_is_users: Final = links.c.user_id == bindparam("bound_user")
_is_open_change: Final = (links.c.kind == _CHANGES) & links.c.result_version.is_(None)

CHANGE_OF: Final = Statement(
    FOUND.where(_is_users, _is_open_change).order_by(links.c.id.desc()).limit(literal_column("1")),
    is_read=True,
)
WITHDRAW_CHANGES: Final = Statement(
    delete(links).where(_is_users, _is_open_change).returning(links.c.id)
)
DELETE_ALL: Final = Statement(delete(links).where(_is_users).returning(links.c.id))


class PostgresUserLinkRepository(UserLinkRepository):
    """Finds a user's links by an index."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def change_of(self, user_id: UserId) -> FoundLink | None:
        row = await self._access.row(CHANGE_OF, bound_user=user_id)
        return found_of(row) if row else None

    @override
    async def withdraw_changes(self, user_id: UserId) -> bool:
        return bool(await self._access.rows(WITHDRAW_CHANGES, bound_user=user_id))

    @override
    async def delete_all(self, user_id: UserId) -> None:
        await self._access.rows(DELETE_ALL, bound_user=user_id)
