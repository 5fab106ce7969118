"""The sessions of one user, in PostgreSQL."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ARRAY, Select, Uuid, any_, bindparam, select
from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.paging import page_of
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.adapters.postgres.sessions.rows import SESSION, session_of
from latchkey.adapters.postgres.sessions.statements import IS_NOT_ENDED, ends
from latchkey.adapters.postgres.sessions.tables import sessions
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import Session
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.sessions.user_sessions import UserSessionRepository

_ACTIVE: Final = select(*SESSION).where(
    sessions.c.user_id == bindparam("user_id"),
    IS_NOT_ENDED,
    sessions.c.expires_at > bindparam("now"),
    sessions.c.rotated_at > bindparam("idle_since"),
)


def _page(rows: Select[Any]) -> Statement:
    newest_first = rows.order_by(sessions.c.id.desc()).limit(bindparam("limit"))
    return Statement(newest_first, is_read=True)


FIRST_PAGE: Final = _page(_ACTIVE)
NEXT_PAGE: Final = _page(_ACTIVE.where(sessions.c.id < bindparam("after")))
"""An identifier starts with the time of the login, so that its order is that of the logins."""

END: Final = ends(
    select(sessions.c.id).where(
        sessions.c.id == any_(bindparam("session_ids", type_=ARRAY(Uuid()))),
        sessions.c.user_id == bindparam("user_id"),
        IS_NOT_ENDED,
    )
)


class PostgresUserSessionRepository(UserSessionRepository):
    """Finds sessions by an index of those that are not ended."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def page_of(
        self,
        user_id: UserId,
        *,
        now: datetime,
        idle: timedelta,
        after: Position | None,
        limit: int,
    ) -> Page[Session]:
        statement = FIRST_PAGE if after is None else NEXT_PAGE
        place = {} if after is None else {"after": after.id}
        rows = await self._access.rows(
            statement, user_id=user_id, now=now, idle_since=now - idle, limit=limit + 1, **place
        )
        return page_of([session_of(row, user_id) for row in rows], limit)

    @override
    async def end(
        self, user_id: UserId, session_ids: Collection[SessionId], reason: EndReason
    ) -> tuple[SessionId, ...]:
        rows = await self._access.rows(
            END, user_id=user_id, session_ids=list(session_ids), reason=reason
        )
        return tuple(row["id"] for row in rows)
