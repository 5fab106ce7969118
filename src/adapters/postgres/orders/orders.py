"""Orders in PostgreSQL."""

from typing import Final

import asyncpg
from sqlalchemy import bindparam, select
from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.paging import first_page, next_page, page_of
from latchkey.adapters.postgres.engine.statement import Statement, insert_many
from latchkey.adapters.postgres.orders.tables import orders
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.orders.order import Order, OrderRepository, OrderStatus

_OWN = select(
    orders.c.id,
    orders.c.status,
    orders.c.total_cents,
    orders.c.currency,
    orders.c.created_at,
).where(orders.c.user_id == bindparam("user_id"))
FIRST_PAGE: Final = Statement(first_page(_OWN, orders.c.created_at, orders.c.id), is_read=True)
NEXT_PAGE: Final = Statement(next_page(_OWN, orders.c.created_at, orders.c.id), is_read=True)
_ADD: Final = Statement(insert_many(orders))
_STATUS: Final = {status.value: status for status in OrderStatus}


class PostgresOrderRepository(OrderRepository):
    """Reads each page by position in an index, so that late pages are as fast as the first."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def page_of(self, user_id: UserId, *, after: Position | None, limit: int) -> Page[Order]:
        if after is None:
            rows = await self._access.rows(FIRST_PAGE, user_id=user_id, limit=limit + 1)
        else:
            rows = await self._access.rows(
                NEXT_PAGE,
                user_id=user_id,
                after_at=after.created_at,
                after_id=after.id,
                limit=limit + 1,
            )
        return page_of([_order_of(row, user_id) for row in rows], limit)

    @override
    async def add(self, *orders: Order) -> None:
        await self._access.row(
            _ADD,
            id=[order.id for order in orders],
            user_id=[order.user_id for order in orders],
            total_cents=[order.total_cents for order in orders],
            created_at=[order.created_at for order in orders],
            status=[order.status for order in orders],
            currency=[order.currency for order in orders],
        )


def _order_of(row: asyncpg.Record, user_id: UserId) -> Order:
    return Order(
        id=row["id"],
        user_id=user_id,
        status=_STATUS[row["status"]],
        total_cents=row["total_cents"],
        currency=row["currency"],
        created_at=row["created_at"],
    )
