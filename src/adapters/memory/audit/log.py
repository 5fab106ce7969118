"""The audit log in memory."""

from collections.abc import Collection, Mapping
from heapq import nlargest, nsmallest
from operator import attrgetter

from typing_extensions import override

from latchkey.adapters.memory.tables import Access
from latchkey.domain.audit.event import AuditAction, AuditEvent
from latchkey.domain.audit.log import AuditFilter, AuditLog
from latchkey.domain.sessions.session_id import SessionId


class MemoryAuditLog(AuditLog):
    """Reads the whole log for each query."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def append(self, *events: AuditEvent) -> None:
        async with self._access.change() as tables:
            for event in events:
                tables.events.put(event.id, event)

    @override
    async def read(self, wanted: AuditFilter, *, limit: int) -> tuple[AuditEvent, ...]:
        tables = await self._access.read()
        matching = (event for event in tables.events.rows() if _is_wanted(event, wanted))
        by_id = attrgetter("id")
        if wanted.after is not None:
            return tuple(nsmallest(limit, matching, key=by_id))
        return tuple(reversed(nlargest(limit, matching, key=by_id)))

    @override
    async def logins(self, session_ids: Collection[SessionId]) -> Mapping[SessionId, AuditEvent]:
        tables = await self._access.read()
        return {
            event.session_id: event
            for event in tables.events.rows()
            if event.action is AuditAction.LOGIN_SUCCEEDED
            if event.session_id is not None and event.session_id in session_ids
        }


def _is_wanted(event: AuditEvent, wanted: AuditFilter) -> bool:
    return (
        (wanted.after is None or event.id > wanted.after)
        and (wanted.before is None or event.id < wanted.before)
        and wanted.action in {None, event.action}
        and wanted.user_id in {None, event.user_id}
        and wanted.session_id in {None, event.session_id}
        and wanted.request_id in {None, event.source.request_id}
    )
