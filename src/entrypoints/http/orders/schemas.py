"""Response bodies for orders: JSON with camelCase members."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from latchkey.domain.orders.order import Order, OrderStatus
from latchkey.entrypoints.http.pagination import NextCursor


class OrderBody(Struct, frozen=True, rename="camel"):
    """An order."""

    id: UUID
    status: OrderStatus
    total_cents: Annotated[int, Meta(ge=0, description="Hundredths of the currency's unit.")]
    currency: Annotated[str, Meta(description="ISO 4217 code.", examples=["EUR"])]
    created_at: datetime

    @classmethod
    def of(cls, order: Order) -> "OrderBody":
        """Encode an order."""
        return cls(
            id=order.id,
            status=order.status,
            total_cents=order.total_cents,
            currency=order.currency,
            created_at=order.created_at,
        )


class OrderPage(Struct, frozen=True, rename="camel"):
    """A page of orders, newest first."""

    items: list[OrderBody]
    next_cursor: NextCursor
