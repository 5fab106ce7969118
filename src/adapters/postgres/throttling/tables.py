"""The table of counted attempts."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)

from latchkey.adapters.postgres.engine.columns import ROOM_FOR_UPDATES, instant_column, metadata

login_attempts: Final = Table(
    "login_attempts",
    metadata,
    instant_column("full_until"),
    Column("is_known", Boolean(), nullable=False),
    Column("key", LargeBinary(), nullable=False),
    PrimaryKeyConstraint("key", name="login_attempts_pkey"),
    CheckConstraint("octet_length(key) = 16", name="login_attempts_key_check"),
    postgresql_with=ROOM_FOR_UPDATES,
)
