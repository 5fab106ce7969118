"""Orders: a sample of what an API that uses this service stores for its users."""

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
    """The state of an order's processing."""

    PENDING = "pending"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order that a user has placed.

    Attributes:
        total_cents: Hundredths of the currency's unit, >= 0.
        currency: ISO 4217 code, three upper-case letters.
        created_at: Aware UTC datetime. Orders are listed by it, newest first.
    """

    id: OrderId
    user_id: UserId
    status: OrderStatus
    total_cents: int
    currency: str
    created_at: datetime


class OrderRepository(ABC):
    """Stores orders."""

    @abstractmethod
    async def page_of(self, user_id: UserId, *, after: Position | None, limit: int) -> Page[Order]:
        """List the orders of one user only, by `(created_at, id)`, descending.

        Args:
            user_id: The user who placed the orders.
            after: The end of the previous page, or None for the first page.
            limit: The maximum number of orders, 1 to 100.
        """

    @abstractmethod
    async def add(self, *orders: Order) -> None:
        """Store new orders, all of them or none."""
