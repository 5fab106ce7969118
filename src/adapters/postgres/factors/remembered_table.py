"""The table of remembered devices."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)

from latchkey.adapters.postgres.engine.columns import (
    ROOM_FOR_UPDATES,
    identifier_column,
    instant_column,
    metadata,
    text_column,
)

remembered_devices: Final = Table(
    "remembered_devices",
    metadata,
    identifier_column("id"),
    identifier_column("user_id"),
    instant_column("expires_at"),
    instant_column("last_used_at", nullable=True),
    Column("password_version", Integer(), nullable=False),
    Column("secret_hash", LargeBinary(), nullable=False),
    text_column("name"),
    PrimaryKeyConstraint("id", name="remembered_devices_pkey"),
    ForeignKeyConstraint(["user_id"], ["users.id"], name="remembered_devices_user_id_fkey"),
    CheckConstraint("octet_length(secret_hash) = 32", name="remembered_devices_secret_hash_check"),
    Index("remembered_devices_expires_at_idx", "expires_at"),
    Index("remembered_devices_user_id_idx", "user_id"),
    postgresql_with=ROOM_FOR_UPDATES,
)
"""A user has few devices, so the index of users finds each. What a login writes is not indexed."""
