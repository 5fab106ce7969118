"""The table of orders."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    text,
)

from latchkey.adapters.postgres.engine.columns import (
    identifier_column,
    instant_column,
    is_one_of,
    metadata,
    text_column,
)
from latchkey.domain.orders.order import OrderStatus

orders: Final = Table(
    "orders",
    metadata,
    identifier_column("id"),
    identifier_column("user_id"),
    Column("total_cents", BigInteger(), nullable=False),
    instant_column("created_at"),
    text_column("status"),
    text_column("currency"),
    PrimaryKeyConstraint("id", name="orders_pkey"),
    ForeignKeyConstraint(["user_id"], ["users.id"], name="orders_user_id_fkey"),
    CheckConstraint("total_cents >= 0", name="orders_total_cents_check"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="orders_currency_check"),
    CheckConstraint(is_one_of("status", OrderStatus), name="orders_status_check"),
    Index("orders_newest_first_idx", "user_id", text("created_at DESC"), text("id DESC")),
)
