"""Rows to measure with: users, their orders, and sessions whose tokens we know."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
from sqlalchemy import Table

from latchkey.adapters.postgres import schema as tables
from latchkey.domain.accounts.user import Role
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.orders.order import OrderStatus

USERS: Final = 10_000
ORDERS: Final = 20  # of each user
PASSWORD: Final = "a-Harbour-full-of-kettles-93"  # noqa: S105 - of accounts that are made up
BORN: Final = datetime(2026, 1, 1, tzinfo=UTC)

Row = tuple[Any, ...]


def email_of(number: int) -> str:
    """Name a user by their number, from 0 on."""
    return f"user{number}@example.com"


async def fill(connection: asyncpg.Connection, password_hash: str) -> None:
    """Fill an empty database with users, who share one password, and their orders."""
    births = [BORN + timedelta(seconds=number) for number in range(USERS)]
    ids = [new_id(birth) for birth in births]
    await _copy(connection, tables.users, _users(ids, births, password_hash))
    await _copy(connection, tables.orders, _orders(ids, births))
    await connection.execute("VACUUM ANALYZE")


def _users(ids: list[Any], births: list[datetime], password_hash: str) -> Iterator[Row]:
    for number, (user_id, at) in enumerate(zip(ids, births, strict=True)):
        email = email_of(number)
        yield user_id, email, email, f"User {number}", Role.USER, password_hash, 1, at, None, False


def _orders(ids: list[Any], births: list[datetime]) -> Iterator[Row]:
    states = [*OrderStatus]
    for place in range(ORDERS):
        for number, (user_id, birth) in enumerate(zip(ids, births, strict=True)):
            at = birth + timedelta(days=place)
            yield new_id(at), user_id, 100 + number, at, states[place % len(states)], "EUR"


async def _copy(connection: asyncpg.Connection, table: Table, rows: Iterable[Row]) -> None:
    await connection.copy_records_to_table(table.name, records=rows)
