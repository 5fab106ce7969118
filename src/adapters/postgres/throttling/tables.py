"""The table of counted hits."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)

from latchkey.adapters.postgres.engine.columns import ROOM_FOR_UPDATES, instant_column, metadata

throttle_counts: Final = Table(
    "throttle_counts",
    metadata,
    instant_column("expires_at"),
    Column("key", LargeBinary(), nullable=False),
    PrimaryKeyConstraint("key", name="throttle_counts_pkey"),
    CheckConstraint("octet_length(key) = 16", name="throttle_counts_key_check"),
    postgresql_with=ROOM_FOR_UPDATES,
)
