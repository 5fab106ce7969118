"""The audit log in PostgreSQL."""

import json
from collections.abc import Collection, Mapping
from functools import cache
from typing import Final

import asyncpg
from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, select
from typing_extensions import override

from latchkey.adapters.postgres.audit.tables import audit_events
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import Statement, insert_many
from latchkey.domain.audit.event import AuditAction, AuditEvent, RequestSource
from latchkey.domain.audit.log import AuditFilter, AuditLog
from latchkey.domain.sessions.session_id import SessionId

_APPEND: Final = Statement(insert_many(audit_events))
LOGINS: Final = Statement(
    select(audit_events).where(
        audit_events.c.session_id == any_(bindparam("session_ids", type_=ARRAY(Uuid()))),
        audit_events.c.action == bindparam("action"),
    ),
    is_read=True,
)


class PostgresAuditLog(AuditLog):
    """Stores events in a table whose trigger rejects every change of a row."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def append(self, *events: AuditEvent) -> None:
        await self._access.row(
            _APPEND,
            id=[event.id for event in events],
            at=[event.at for event in events],
            user_id=[event.user_id for event in events],
            session_id=[event.session_id for event in events],
            action=[event.action for event in events],
            address=[event.source.address for event in events],
            request_id=[event.source.request_id for event in events],
            detail=[json.dumps(dict(event.detail)) for event in events],
        )

    @override
    async def read(self, wanted: AuditFilter, *, limit: int) -> tuple[AuditEvent, ...]:
        values = {
            "action": wanted.action,
            "user_id": wanted.user_id,
            "session_id": wanted.session_id,
            "request_id": wanted.request_id,
            "before": wanted.before,
        }
        given = {name: value for name, value in values.items() if value is not None}
        if wanted.after is not None:
            read = read_on(frozenset(given))
            rows = await self._access.rows(read, **given, after=wanted.after, limit=limit)
        else:
            read = read_newest(frozenset(given))
            rows = (await self._access.rows(read, **given, limit=limit))[::-1]
        return tuple(_event_of(row) for row in rows)

    @override
    async def logins(self, session_ids: Collection[SessionId]) -> Mapping[SessionId, AuditEvent]:
        rows = await self._access.rows(
            LOGINS, session_ids=list(session_ids), action=AuditAction.LOGIN_SUCCEEDED
        )
        return {row["session_id"]: _event_of(row) for row in rows}


@cache
def read_on(given: frozenset[str]) -> Statement:
    """Select events with an id above `after`, in order. `given` names what to match."""
    later = audit_events.c.id > bindparam("after")
    in_order = select(audit_events).where(later, *_matching(given)).order_by(audit_events.c.id)
    return Statement(in_order.limit(bindparam("limit")), is_read=True)


@cache
def read_newest(given: frozenset[str]) -> Statement:
    """Select the newest events, newest first. `given` names what to match."""
    newest_first = select(audit_events).where(*_matching(given)).order_by(audit_events.c.id.desc())
    return Statement(newest_first.limit(bindparam("limit")), is_read=True)


def _matching(given: frozenset[str]) -> list[ColumnElement[bool]]:
    """Compare columns with parameters of the same names; `before` is a bound of the id."""
    columns = [audit_events.c[name] == bindparam(name) for name in sorted(given - {"before"})]
    return [*columns, *([audit_events.c.id < bindparam("before")] if "before" in given else [])]


def _event_of(row: asyncpg.Record) -> AuditEvent:
    return AuditEvent(
        id=row["id"],
        at=row["at"],
        action=AuditAction(row["action"]),
        source=RequestSource(address=row["address"], request_id=row["request_id"]),
        user_id=row["user_id"],
        session_id=row["session_id"],
        detail=json.loads(row["detail"]),
    )
