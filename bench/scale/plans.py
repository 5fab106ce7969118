"""The pages that PostgreSQL touches for the service's statements, whichever plan it chooses."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg

from bench.scale.filling import AT_CAP, CAP, SECRET, email_of
from bench.scale.site import Holder, Site
from latchkey.adapters.postgres.accounts import password_credentials, search, users
from latchkey.adapters.postgres.audit import log
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.adapters.postgres.sessions import statements as sessions
from latchkey.adapters.postgres.sessions import user_sessions
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.kernel.identifier import first_id_of
from latchkey.domain.sessions.end_reason import EndReason

PAGE: Final = 21  # rows, one more than are shown
BATCH: Final = 1_000  # sessions that are pruned at once
_PLANS: Final = ("force_generic_plan", "force_custom_plan")
_DAY: Final = timedelta(days=1)
_KEPT: Final = 37 * _DAY  # SESSION_MAX_AGE and SESSION_RETENTION


class Plan(NamedTuple):
    """What PostgreSQL did to run a statement.

    Attributes:
        pages: How many it touched, each as often as it did.
        read_through: The tables of which it read every row.
    """

    pages: int
    read_through: frozenset[str]


class _Ask(NamedTuple):
    statement: Statement
    values: dict[str, object]


async def explain(site: Site) -> Mapping[str, Plan]:
    """Run each statement as the service prepares it, and return the worse of its plans by name."""
    [holder, *_] = await site.holders(1)
    connection = await asyncpg.connect(site.dsn)
    try:
        [at_cap] = await connection.fetch(
            "SELECT id FROM users WHERE email_canonical = $1", email_of(AT_CAP[0])
        )
        asked = {**_of_user(holder), **_of_sessions(holder, at_cap["id"])}
        return {name: await _worst(connection, ask) for name, ask in asked.items()}
    finally:
        await connection.close()


def _of_user(holder: Holder) -> Mapping[str, _Ask]:
    user, name = holder.user, holder.user.name.lower()
    searched = {"first": name, "end": name + "\U0010ffff", "limit": 20}
    after = {"after_at": user.created_at, "after_id": user.id, "limit": PAGE}
    of_user = log.read_newest(frozenset({"user_id"}))
    return {
        "find a user by address": _Ask(
            password_credentials.BY_EMAIL, {"email": user.email.canonical}
        ),
        "first page of users": _Ask(users.FIRST_PAGE, {"limit": PAGE}),
        "page of users in the middle": _Ask(users.NEXT_PAGE, after),
        "search by name": _Ask(search.BY_NAME, searched),
        "search by address": _Ask(search.BY_ADDRESS, searched),
        "audit log of a user": _Ask(of_user, {"user_id": user.id, "limit": PAGE}),
    }


def _of_sessions(holder: Holder, at_cap: UUID) -> Mapping[str, _Ask]:
    now, session = datetime.now(UTC), holder.session_id
    replacing: dict[str, object] = {"session_ids": (), "hashes": (), "keep": CAP - 1, "limit": 100}
    mine = {"user_id": holder.user.id, "now": now, "idle_since": now - 7 * _DAY, "limit": PAGE}
    kept = {"after": UUID(int=0), "first_kept": first_id_of(now - _KEPT), "limit": BATCH}
    logins: dict[str, object] = {"session_ids": [session], "action": AuditAction.LOGIN_SUCCEEDED}
    ended: dict[str, object] = {"user_id": at_cap, "reason": EndReason.REPLACED}
    return {
        "rotate a session": _Ask(sessions.ROTATE, _rotation(session, now)),
        "own sessions": _Ask(user_sessions.FIRST_PAGE, mine),
        "the login of a session": _Ask(log.LOGINS, logins),
        "end the session beyond the cap": _Ask(sessions.REPLACE, {**ended, **replacing}),
        f"prune {BATCH:,} sessions": _Ask(sessions.PRUNE, kept),
    }


def _rotation(session_id: UUID, now: datetime) -> dict[str, object]:
    return {
        "session_id": session_id,
        "presented_hash": sha256(SECRET).digest(),
        "current": 0,
        "next": 1,
        "now": now,
        "idle_since": now - 7 * _DAY,
        "settled_before": now,
    }


async def _worst(connection: asyncpg.Connection, ask: _Ask) -> Plan:
    plans = [await _explain(connection, ask, plan) for plan in _PLANS]
    return max(plans, key=lambda plan: (len(plan.read_through), plan.pages))


async def _explain(connection: asyncpg.Connection, ask: _Ask, plan: str) -> Plan:
    """Explain a prepared statement, since only EXECUTE uses a plan for any parameter.

    The first time, the connection reads the catalogue, too. So the second time counts.
    """
    given = ", ".join(map(_literal, ask.statement.arguments(ask.values)))
    explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE asked({given})"
    await connection.execute(f"SET plan_cache_mode = {plan}")
    await connection.execute(f"PREPARE asked AS {ask.statement.sql}")
    texts = [await _undone(connection, explain) for _ in range(2)]
    await connection.execute("DEALLOCATE asked")
    return _plan(json.loads(texts[-1])[0]["Plan"])


async def _undone(connection: asyncpg.Connection, explain: str) -> str:
    transaction = connection.transaction()
    await transaction.start()
    try:
        return str(await connection.fetchval(explain))
    finally:
        await transaction.rollback()


def _plan(root: dict[str, Any]) -> Plan:
    return Plan(
        pages=root["Shared Hit Blocks"] + root["Shared Read Blocks"],
        read_through=frozenset(
            node["Relation Name"] for node in _nodes(root) if node["Node Type"] == "Seq Scan"
        ),
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _literal(value: object) -> str:
    """Write a value of ours in SQL; its type is that of the parameter."""
    if isinstance(value, list | tuple):
        return f"'{{{','.join(map(str, value))}}}'"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    return f"'{value}'"
