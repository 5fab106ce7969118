"""Sessions in memory."""

import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import nsmallest
from operator import attrgetter

from typing_extensions import override

from latchkey.adapters.memory.tables import Access, Tables
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


class MemorySessionRepository(SessionRepository):
    """Checks and changes a session without an `await` between, so that each method is atomic."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def add(
        self, session: Session, *, password_version: int, has_second_factor: bool = False
    ) -> bool:
        async with self._access.change() as tables:
            account = tables.accounts.get(session.user_id)
            if account is None or account.user.is_disabled:
                return False
            if account.password_version != password_version:
                return False
            if account.has_second_factor is not has_second_factor:
                return False
            tables.sessions.put(session.id, session)
            return True

    @override
    async def find(self, session_id: SessionId) -> UserSession | None:
        return _find(await self._access.read(), session_id)

    @override
    async def rotate(
        self, presented: RefreshToken, *, current: int, now: datetime, idle: timedelta
    ) -> UserSession | None:
        async with self._access.change() as tables:
            found = _find(tables, presented.session_id)
            if found is None or not _is_of(presented, found.session):
                return None
            if found.end_reason_at(now, idle) or found.session.generation != current:
                return None
            rotated = _rotated(found.session, presented.generation + 1, now)
            tables.sessions.put(rotated.id, rotated)
            return replace(found, session=rotated)

    @override
    async def end(self, presented: RefreshToken, reason: EndReason) -> UserId | None:
        async with self._access.change() as tables:
            session = tables.sessions.get(presented.session_id)
            if session is None or not _is_of(presented, session) or session.end_reason:
                return None
            tables.sessions.put(session.id, replace(session, end_reason=reason))
            return session.user_id

    @override
    async def end_all(
        self, user_id: UserId, reason: EndReason, *, limit: int | None = None
    ) -> tuple[SessionId, ...]:
        async with self._access.change() as tables:
            own = sorted(_alive(tables, user_id), key=attrgetter("id"))[:limit]
            for session in own:
                tables.sessions.put(session.id, replace(session, end_reason=reason))
            return tuple(session.id for session in reversed(own))

    @override
    async def replace(
        self, user_id: UserId, presented: Sequence[RefreshToken], *, keep: int, limit: int
    ) -> tuple[EndedSession, ...]:
        async with self._access.change() as tables:
            found = [(token, tables.sessions.get(token.session_id)) for token in presented]
            carried = [
                session
                for token, session in found
                if session and _is_of(token, session) and session.end_reason is None
            ]
            others = [each for each in _alive(tables, user_id) if each not in carried]
            idlest_last = sorted(others, key=attrgetter("rotated_at", "id"), reverse=True)
            ended = carried + idlest_last[keep:][-limit:]
            for session in ended:
                tables.sessions.put(session.id, replace(session, end_reason=EndReason.REPLACED))
            newest_first = sorted(ended, key=attrgetter("id"), reverse=True)
            return tuple(EndedSession(each.user_id, each.id) for each in newest_first)

    @override
    async def prune(
        self, born_before: datetime, *, limit: int, after: SessionId | None = None
    ) -> tuple[SessionId, ...]:
        async with self._access.change() as tables:
            first_kept = first_id_of(born_before)
            born = (
                row
                for row in tables.sessions.rows()
                if row.id < first_kept and (after is None or row.id > after)
            )
            oldest = nsmallest(limit, born, key=attrgetter("id"))
            for session in oldest:
                tables.sessions.put(session.id, None)
            return tuple(session.id for session in oldest)


def _find(tables: Tables, session_id: SessionId) -> UserSession | None:
    session = tables.sessions.get(session_id)
    account = tables.accounts.get(session.user_id) if session else None
    if session is None or account is None:
        return None
    return UserSession(session=session, user=account.user)


def _alive(tables: Tables, user_id: UserId) -> list[Session]:
    rows = tables.sessions.rows()
    return [row for row in rows if row.user_id == user_id and row.end_reason is None]


def _is_of(presented: RefreshToken, session: Session) -> bool:
    return hmac.compare_digest(session.secret_hash, presented.secret_hash)


def _rotated(session: Session, generation: int, now: datetime) -> Session:
    return replace(
        session,
        generation=generation,
        rotated_at=now,
        previously_rotated_at=session.rotated_at,
    )
