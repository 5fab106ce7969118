"""Sessions in PostgreSQL. A transaction that locks users and sessions locks the users first."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
from sqlalchemy import (
    bindparam,
    delete,
    insert,
    select,
    update,
)
from typing_extensions import override

from latchkey.adapters.postgres.accounts.rows import USER, user_of
from latchkey.adapters.postgres.accounts.tables import users
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import PRUNES_ALONE, Statement, commit_later_if
from latchkey.adapters.postgres.sessions.rows import SESSION, session_of
from latchkey.adapters.postgres.sessions.tables import sessions
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.identifier import first_id_of
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import Session, SessionRepository, UserSession
from latchkey.domain.sessions.session_id import SessionId

_FIRST: Final = UUID(int=0)  # less than any identifier
_IS_NOT_ENDED: Final = sessions.c.end_reason.is_(None)
_SETTLED: Final = timedelta(
    seconds=10
)  # async commits are durable within 0.6 s (3 * wal_writer_delay)

FIND: Final = Statement(
    select(*SESSION, *USER)
    .join_from(sessions, users, users.c.id == sessions.c.user_id)
    .where(sessions.c.id == bindparam("session_id")),
    is_read=True,
)

ADD: Final = Statement(
    insert(sessions)
    .from_select(
        columns := sessions.columns.keys(),
        select(*(bindparam(name, type_=sessions.c[name].type) for name in columns))
        .select_from(users)
        .where(
            users.c.id == bindparam("user_id", type_=users.c.id.type),
            users.c.password_version == bindparam("password_version"),
            users.c.disabled_at.is_(None),
        )
        .with_for_update(key_share=True),
    )
    .returning(sessions.c.id)
)
"""Waits for a concurrent change of the user, and depends on its outcome."""

_ROTATION: Final = (
    update(sessions)
    .where(
        sessions.c.id == bindparam("session_id"),
        sessions.c.secret_hash == bindparam("presented_hash"),
        sessions.c.generation == bindparam("current"),
        _IS_NOT_ENDED,
        sessions.c.expires_at > bindparam("now"),
        sessions.c.rotated_at > bindparam("idle_since"),
        users.c.id == sessions.c.user_id,
        users.c.disabled_at.is_(None),
    )
    .values(
        generation=bindparam("next"),
        rotated_at=bindparam("now"),
        previously_rotated_at=sessions.c.rotated_at,
    )
    .returning(*SESSION, *USER)
)
ROTATE: Final = Statement(
    _ROTATION.returning(
        commit_later_if(sessions.c.previously_rotated_at < bindparam("settled_before"))
    )
)
"""Returns before the rotation is durable, unless the previous rotation may not be durable yet.

If the server crashes, a fast-forward makes up for one lost rotation. With two lost rotations, the
client's token would look as if it had never been issued.
"""

ROTATE_WITHIN: Final = Statement(_ROTATION)
"""For use in a transaction, whose commit must be durable."""

END: Final = Statement(
    update(sessions)
    .where(
        sessions.c.id == bindparam("session_id"),
        sessions.c.secret_hash == bindparam("presented_hash"),
        _IS_NOT_ENDED,
    )
    .values(end_reason=bindparam("reason"))
    .returning(sessions.c.user_id)
)

_beyond = (
    select(sessions.c.id)
    .where(sessions.c.user_id == bindparam("user_id"), _IS_NOT_ENDED)
    .order_by(sessions.c.id.desc())
    .offset(bindparam("keep"))
    .cte("beyond")
)
_oldest = select(_beyond.c.id).order_by(_beyond.c.id).limit(bindparam("limit")).cte("oldest")
_surplus = (
    select(sessions.c.id)
    .where(sessions.c.id.in_(select(_oldest.c.id)), _IS_NOT_ENDED)
    .order_by(sessions.c.id.desc())
    .with_for_update()
    .cte("surplus")
)
_ended = (
    update(sessions)
    .where(sessions.c.id.in_(select(_surplus.c.id)))
    .values(end_reason=bindparam("reason"))
    .returning(sessions.c.id)
    .cte("ended")
)
END_ALL: Final = Statement(select(_ended.c.id).order_by(_ended.c.id.desc()))
"""Reads the sessions that are kept in an index alone; locks those that end, and no others."""

_oldest = (
    select(sessions.c.id)
    .where(
        PRUNES_ALONE,
        sessions.c.id > bindparam("after"),
        sessions.c.id < bindparam("first_kept"),
    )
    .order_by(sessions.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("oldest")  # a subquery might be evaluated again for each row
)
PRUNE: Final = Statement(
    delete(sessions).where(sessions.c.id.in_(select(_oldest.c.id))).returning(sessions.c.id)
)
"""Uses the primary key: an identifier starts with the millisecond of its creation."""


class PostgresSessionRepository(SessionRepository):
    """Runs one statement for each method. A refresh is usually a heap-only update of one row."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._rotate = ROTATE if access.is_autocommit else ROTATE_WITHIN

    @override
    async def add(self, session: Session, *, password_version: int) -> bool:
        added = await self._access.row(
            ADD,
            id=session.id,
            user_id=session.user_id,
            generation=session.generation,
            rotated_at=session.rotated_at,
            previously_rotated_at=session.previously_rotated_at,
            expires_at=session.expires_at,
            secret_hash=session.secret_hash,
            end_reason=session.end_reason,
            password_version=password_version,
        )
        return added is not None

    @override
    async def find(self, session_id: SessionId) -> UserSession | None:
        row = await self._access.row(FIND, session_id=session_id)
        return _user_session_of(row) if row else None

    @override
    async def rotate(
        self, presented: RefreshToken, *, current: int, now: datetime, idle: timedelta
    ) -> UserSession | None:
        row = await self._access.row(
            self._rotate,
            session_id=presented.session_id,
            presented_hash=presented.secret_hash,
            current=current,
            next=presented.generation + 1,
            now=now,
            idle_since=now - idle,
            settled_before=now - _SETTLED,
        )
        return _user_session_of(row) if row else None

    @override
    async def end(self, presented: RefreshToken, reason: EndReason) -> UserId | None:
        row = await self._access.row(
            END,
            session_id=presented.session_id,
            presented_hash=presented.secret_hash,
            reason=reason,
        )
        return row["user_id"] if row else None

    @override
    async def end_all(
        self, user_id: UserId, reason: EndReason, *, keep: int = 0, limit: int | None = None
    ) -> tuple[SessionId, ...]:
        rows = await self._access.rows(
            END_ALL, user_id=user_id, reason=reason, keep=keep, limit=limit
        )
        return tuple(row["id"] for row in rows)

    @override
    async def prune(
        self, born_before: datetime, *, limit: int, after: SessionId | None = None
    ) -> tuple[SessionId, ...]:
        pruned = await self._access.rows(
            PRUNE,
            after=after or _FIRST,
            first_kept=first_id_of(born_before),
            limit=limit,
        )
        return tuple(sorted(row["id"] for row in pruned))


def _user_session_of(row: asyncpg.Record) -> UserSession:
    return UserSession(session=session_of(row, row["user_id"]), user=user_of(row))
