"""The sessions of one user, in memory."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from typing_extensions import override

from latchkey.adapters.memory.page import page
from latchkey.adapters.memory.tables import Access
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import Session
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.sessions.user_sessions import UserSessionRepository


class MemoryUserSessionRepository(UserSessionRepository):
    """Looks at all sessions for each page."""

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
        tables = await self._access.read()
        active = (
            session
            for session in tables.sessions.rows()
            if session.user_id == user_id and session.end_reason_at(now, idle) is None
        )
        return page(active, after=after, limit=limit)

    @override
    async def end(
        self, user_id: UserId, session_ids: Collection[SessionId], reason: EndReason
    ) -> tuple[SessionId, ...]:
        async with self._access.change() as tables:
            named = (tables.sessions.get(session_id) for session_id in set(session_ids))
            ended = [each for each in named if each and each.user_id == user_id]
            ended = [each for each in ended if each.end_reason is None]
            for session in ended:
                tables.sessions.put(session.id, replace(session, end_reason=reason))
            return tuple(sorted((session.id for session in ended), reverse=True))
