"""A database with many rows, and what PostgreSQL does there to run a statement."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import Table

from latchkey.adapters.postgres import schema as tables
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.adapters.postgres.sessions import statements as sessions
from latchkey.domain.kernel.identifier import new_id
from latchkey.testing.frozen_clock import START

Row = tuple[Any, ...]

DAY: Final = timedelta(days=1)
ROWS: Final = 10_000  # sessions, and as many orders
OF_ONE_USER: Final = 10  # of each
USERS: Final = ROWS // OF_ONE_USER
SECRET_HASH: Final = bytes(32)
NESTED_LOOPS_ALONE: Final = """
    SET enable_hashjoin = off; SET enable_mergejoin = off;
    SET enable_hashagg = off; SET enable_sort = off; SET enable_material = off;
"""
UPDATES: Final = """
    SELECT n_tup_upd AS total, n_tup_hot_upd AS heap_only
      FROM pg_stat_user_tables WHERE relname = $1
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What PostgreSQL did to run a statement.

    Attributes:
        pages: How many it touched, each as often as it did.
        read_through: The tables of which it read every row.
    """

    pages: int
    read_through: frozenset[str]


class Updates(NamedTuple):
    """How many rows were updated, and how many of these without touching an index."""

    total: int
    heap_only: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A database with many rows, and one user and one session in their midst."""

    connection: asyncpg.Connection
    user_id: UUID
    session_ids: list[UUID]

    @property
    def session_id(self) -> UUID:
        """One of many."""
        return self.session_ids[ROWS // 2]

    async def explain(self, statement: Statement, **values: object) -> Plan:
        """Run a statement and see how that was done."""
        command = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement.sql}"
        text = await self.connection.fetchval(command, *statement.arguments(values))
        root = json.loads(text)[0]["Plan"]
        return Plan(
            pages=root["Shared Hit Blocks"] + root["Shared Read Blocks"],
            read_through=frozenset(
                node["Relation Name"] for node in _nodes(root) if node["Node Type"] == "Seq Scan"
            ),
        )

    async def rotate(self, session_id: UUID) -> Plan:
        """Rotate a session for the first time."""
        return await self.explain(
            sessions.ROTATE,
            session_id=session_id,
            presented_hash=SECRET_HASH,
            current=0,
            next=1,
            now=START + DAY,
            idle_since=START - DAY,
            settled_before=START,
        )

    async def updates(self, table: Table) -> Updates:
        """Count what was ever updated of a table."""
        await self.connection.execute("SELECT pg_stat_force_next_flush()")
        row = await self.connection.fetchrow(UPDATES, table.name)
        assert row is not None
        return Updates(**row)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


async def fill(
    connection: asyncpg.Connection,
    births: list[datetime],
    user_ids: list[UUID],
    session_ids: list[UUID],
) -> None:
    """Fill an empty database with users, and as many sessions and orders for each."""
    owners = [user_ids[number % USERS] for number in range(ROWS)]
    await copy(connection, tables.users, map(_user, count(), user_ids, births))
    await copy(connection, tables.sessions, map(session_row, session_ids, owners, births))
    await copy(connection, tables.orders, map(order_row, owners, births))
    await connection.execute("VACUUM ANALYZE")


async def copy(connection: asyncpg.Connection, table: Table, rows: Iterable[Row]) -> None:
    """Put rows into a table, fast."""
    await connection.copy_records_to_table(table.name, records=rows)


def _user(number: int, user_id: UUID, at: datetime) -> Row:
    email = f"{number}@example.org"
    return user_id, email, email, "Ada", "USER", "hash", 1, at, None, False


def session_row(
    session_id: UUID, user_id: UUID, at: datetime, end_reason: str | None = None
) -> Row:
    """Make a session."""
    return session_id, user_id, 0, at, None, at + 30 * DAY, SECRET_HASH, end_reason


def order_row(user_id: UUID, at: datetime) -> Row:
    """Make an order."""
    return new_id(at), user_id, 100, at, "paid", "EUR"


def event_row(at: datetime, name: str) -> Row:
    """Make an audit event whose action and request have the same name."""
    return new_id(at), at, None, None, name, "", name, "{}"
