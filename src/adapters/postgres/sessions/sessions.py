"""Sessions in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
from typing_extensions import override

from latchkey.adapters.postgres.accounts.rows import user_of
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.sessions.rows import session_of
from latchkey.adapters.postgres.sessions.statements import (
    ADD,
    END,
    END_ALL,
    FIND,
    PRUNE,
    REPLACE,
    ROTATE,
    ROTATE_WITHIN,
)
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.identifier import first_id_of
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import (
    EndedSession,
    Session,
    SessionRepository,
    UserSession,
)
from latchkey.domain.sessions.session_id import SessionId

_FIRST: Final = UUID(int=0)  # less than any identifier
_SETTLED: Final = timedelta(
    seconds=10
)  # async commits are durable within 0.6 s (3 * wal_writer_delay)


class PostgresSessionRepository(SessionRepository):
    """Runs one statement for each method. A refresh is usually a heap-only update of one row."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._rotate = ROTATE if access.is_autocommit else ROTATE_WITHIN

    @override
    async def add(
        self, session: Session, *, password_version: int, has_second_factor: bool = False
    ) -> bool:
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
            has_second_factor=has_second_factor,
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
        self, user_id: UserId, reason: EndReason, *, limit: int | None = None
    ) -> tuple[SessionId, ...]:
        rows = await self._access.rows(END_ALL, user_id=user_id, reason=reason, limit=limit)
        return tuple(row["id"] for row in rows)

    @override
    async def replace(
        self, user_id: UserId, presented: Sequence[RefreshToken], *, keep: int, limit: int
    ) -> tuple[EndedSession, ...]:
        rows = await self._access.rows(
            REPLACE,
            user_id=user_id,
            reason=EndReason.REPLACED,
            session_ids=[token.session_id for token in presented],
            hashes=[token.secret_hash for token in presented],
            keep=keep,
            limit=limit,
        )
        return tuple(EndedSession(row["user_id"], row["id"]) for row in rows)

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
