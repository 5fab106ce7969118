"""Orders in SQLite: what a team writes to put another technology behind one port."""

import sqlite3
from datetime import datetime
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
END: Final = ("9999", "")  # after every instant


class SqliteOrderRepository(OrderRepository):
    """Keeps instants and identifiers as texts that sort as they do."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Keep orders in a table of a database, and make it if it isn't there."""
        self._database = database
        database.row_factory = sqlite3.Row
        database.execute(TABLE)

    @override
    async def page_of(self, user_id: UserId, *, after: Position | None, limit: int) -> Page[Order]:
        place = (_text(after.created_at), str(after.id)) if after else END
        rows = self._database.execute(PAGE, (str(user_id), *place, limit + 1)).fetchall()
        items = tuple(_order(row) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items=items, next=None)
        return Page(items=items, next=Position(created_at=items[-1].created_at, id=items[-1].id))

    @override
    async def add(self, *orders: Order) -> None:
        with self._database:
            self._database.executemany(
                "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", map(_row, orders)
            )


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
