"""What a refresh costs PostgreSQL as sessions grow: pages, WAL and bytes, but not time."""

import json
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg

from latchkey.adapters.postgres.migrations import migrate
from latchkey.adapters.postgres.sessions import statements as sessions

SIZES: Final = (10_000, 1_000_000, 10_000_000)
OF_ONE_USER: Final = 10
_SAMPLE: Final = 500
_DAY: Final = timedelta(days=1)
_SECRET_HASH: Final = bytes(32)
_HEAD: Final = """\
| sessions | pages per refresh | of these to find the session | of these to find the user | \
WAL, bytes | heap-only updates | bytes per session |
| --: | --: | --: | --: | --: | --: | --: |
"""
_FILL: Final = (
    """
    INSERT INTO users
    SELECT uuidv7(make_interval(secs => number - $1)), number || '@example.com',
           number || '@example.com', 'Ada', 'USER', 'hash', 1, now(), NULL
      FROM generate_series(1, $1) AS number
    """,
    """
    WITH owners AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM users)
    INSERT INTO sessions (id, user_id, generation, rotated_at, expires_at, secret_hash)
    SELECT uuidv7(make_interval(secs => (turn * $1 + owners.number - $1 * $2) * 0.01)), owners.id,
           0, now(), now() + interval '30 days', decode(repeat('00', 32), 'hex')
      FROM generate_series(1, $2) AS turn, owners ORDER BY turn, owners.number
    """,
)
_BYTES: Final = "SELECT pg_table_size('sessions') + pg_indexes_size('sessions')"
_UPDATES: Final = """
    SELECT n_tup_hot_upd::float / n_tup_upd FROM pg_stat_user_tables WHERE relname = 'sessions'
"""


class Refresh(NamedTuple):
    """What PostgreSQL did for one refresh: pages, and bytes of WAL."""

    pages: int
    for_session: int
    for_user: int
    log: int


async def grow(dsn: str, sizes: tuple[int, ...]) -> str:
    """Fill a new database for each size and return the costs of a refresh as a Markdown table."""
    rows = [await _measure(dsn, size) for size in sizes]
    return _HEAD + "".join(rows)


async def _measure(dsn: str, size: int) -> str:
    name = f"sessions_{size}"
    server = await asyncpg.connect(dsn)
    await server.execute(f"CREATE DATABASE {name}")
    own = dsn.replace("/postgres?", f"/{name}?")
    await migrate(own)
    connection = await asyncpg.connect(own)
    try:
        await _fill(connection, size)
        return await _row(connection, size)
    finally:
        await connection.close()
        await server.execute(f"DROP DATABASE {name}")
        await server.close()


async def _fill(connection: asyncpg.Connection, size: int) -> None:
    users, of_sessions = _FILL
    await connection.execute(users, size // OF_ONE_USER)
    await connection.execute(of_sessions, size // OF_ONE_USER, OF_ONE_USER)
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")


async def _row(connection: asyncpg.Connection, size: int) -> str:
    bytes_each = await connection.fetchval(_BYTES) / size
    picked = "SELECT id FROM sessions ORDER BY random() LIMIT $1"
    ids = [row["id"] for row in await connection.fetch(picked, _SAMPLE)]
    for session_id in ids:  # the first change of a page after a checkpoint logs it as a whole
        await _refresh(connection, session_id, 0)
    refreshes = [await _refresh(connection, session_id, 1) for session_id in ids]
    await connection.execute("SELECT pg_stat_force_next_flush()")
    heap_only = await connection.fetchval(_UPDATES)
    pages, for_session, for_user, log = map(median, zip(*refreshes, strict=True))
    return (
        f"| {size:,} | {pages:.0f} | {for_session:.0f} | {for_user:.0f} | {log:.0f} "
        f"| {heap_only:.3f} | {bytes_each:.0f} |\n"
    )


async def _refresh(connection: asyncpg.Connection, session_id: UUID, generation: int) -> Refresh:
    now = datetime.now(UTC)
    values = {
        "session_id": session_id,
        "presented_hash": _SECRET_HASH,
        "current": generation,
        "next": generation + 1,
        "now": now,
        "idle_since": now - _DAY,
        "settled_before": now - _DAY,
    }
    command = f"EXPLAIN (ANALYZE, BUFFERS, WAL, FORMAT JSON) {sessions.ROTATE.sql}"
    text = await connection.fetchval(command, *sessions.ROTATE.arguments(values))
    update = json.loads(text)[0]["Plan"]
    of_session, of_user = update["Plans"][0]["Plans"]
    return Refresh(_pages(update), _pages(of_session), _pages(of_user), update["WAL Bytes"])


def _pages(node: dict[str, Any]) -> int:
    pages: int = node["Shared Hit Blocks"] + node["Shared Read Blocks"]
    return pages
