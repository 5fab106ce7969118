"""Orders in SQLite: another technology behind one of Latchkey's ports."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from typing_extensions import override

from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.orders.order import Order, OrderId, OrderRepository, OrderStatus

TABLE: Final = """
    CREATE TABLE IF NOT EXISTS orders
    (user_id, created_at, id PRIMARY KEY, status, total_cents, currency)
"""
PAGE: Final = """
    SELECT user_id, created_at, id, status, total_cents, currency FROM orders
    WHERE user_id = ? AND (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?
"""
ADD: Final = "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)"
END: Final = ("9999", "")  # after every instant


class SqliteOrderRepository(OrderRepository):
    """Keeps instants and identifiers as texts that sort as they do.

    Each call opens the file in a thread, so that the event loop never waits for the disk.
    """

    def __init__(self, path: Path) -> None:
        """Keep orders in a file, and create it if it does not exist."""
        self._path = path
        with self._transaction() as database:
            database.execute(TABLE)

    @override
    async def page_of(self, user_id: UserId, *, after: Position | None, limit: int) -> Page[Order]:
        place = (_text(after.created_at), str(after.id)) if after else END
        rows = await asyncio.to_thread(self._read, (str(user_id), *place, limit + 1))
        items = tuple(_order(row) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items=items, next=None)
        return Page(items=items, next=Position(created_at=items[-1].created_at, id=items[-1].id))

    @override
    async def add(self, *orders: Order) -> None:
        await asyncio.to_thread(self._write, [_row(order) for order in orders])

    def _read(self, parameters: tuple[str | int, ...]) -> list[sqlite3.Row]:
        with self._transaction() as database:
            return database.execute(PAGE, parameters).fetchall()

    def _write(self, rows: list[tuple[str | int, ...]]) -> None:
        with self._transaction() as database:
            database.executemany(ADD, rows)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path)) as database, database:
            database.row_factory = sqlite3.Row
            yield database


def _row(order: Order) -> tuple[str | int, ...]:
    return (
        str(order.user_id),
        _text(order.created_at),
        str(order.id),
        order.status,
        order.total_cents,
        order.currency,
    )


def _order(row: sqlite3.Row) -> Order:
    return Order(
        id=OrderId(UUID(row["id"])),
        user_id=UserId(UUID(row["user_id"])),
        status=OrderStatus(row["status"]),
        total_cents=row["total_cents"],
        currency=row["currency"],
        created_at=datetime.fromisoformat(row["created_at"]),
    )


def _text(instant: datetime) -> str:
    return instant.isoformat(timespec="microseconds")
