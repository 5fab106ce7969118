"""The search for users in PostgreSQL."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Text, bindparam, select
from typing_extensions import override

from latchkey.adapters.postgres.accounts.rows import NOT_ERASED, USER, user_of
from latchkey.adapters.postgres.accounts.tables import FOLDED_NAME, users
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.domain.accounts.user import User
from latchkey.domain.accounts.user_search import UserSearch, folded

_LAST: Final = "\U0010ffff"
"""Sorts behind every other character, in the order of bytes."""


def _beginning(column: ColumnElement[Any]) -> Statement:
    """Select the first users whose column is in the range of texts with a beginning.

    The range finds its rows in an index even in a plan for any parameter, which LIKE does not.
    """
    first, end = (bindparam(name, type_=Text(collation="C")) for name in ("first", "end"))
    rows = select(*USER).where(column >= first, column < end, NOT_ERASED)
    return Statement(rows.order_by(column, users.c.id).limit(bindparam("limit")), is_read=True)


BY_ADDRESS: Final = _beginning(users.c.email_canonical)
BY_NAME: Final = _beginning(FOLDED_NAME)


class PostgresUserSearch(UserSearch):
    """Reads no more of two indexes than users are wanted."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def beginning(self, text: str, *, limit: int) -> tuple[User, ...]:
        first = folded(text)
        found: dict[object, User] = {}
        for statement in (BY_ADDRESS, BY_NAME):
            rows = await self._access.rows(statement, first=first, end=first + _LAST, limit=limit)
            found |= {row["user_id"]: user_of(row) for row in rows if row["user_id"] not in found}
        return tuple(found.values())[:limit]
