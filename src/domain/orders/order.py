"""Orders, the sample of what an API behind this service keeps for its users."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.page import Page, Position

OrderId = NewType("OrderId", UUID)


class OrderStatus(StrEnum):
    """How far an order is."""

    PENDING = "pending"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Something a user ordered.

    Attributes:
        total_cents: In hundredths of the currency's unit, >= 0.
        currency: ISO 4217 code, three upper-case letters.
        created_at: Aware UTC datetime; orders are listed by it, newest first.
    """

    id: OrderId
    user_id: UserId
    status: OrderStatus
    total_cents: int
    currency: str
    created_at: datetime


class OrderRepository(ABC):
    """Keeps orders."""

    @abstractmethod
    async def page_of(self, user_id: UserId, *, after: Position | None, limit: int) -> Page[Order]:
        """List the orders of one user, and of nobody else, by `(created_at, id)`, descending.

        Args:
            user_id: Whose orders.
            after: Where the previous page ended, or None to begin.
            limit: At most so many, 1 to 100.
        """

    @abstractmethod
    async def add(self, *orders: Order) -> None:
        """Keep new orders, all of them or none."""
