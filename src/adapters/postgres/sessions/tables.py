"""The table of sessions, and that of the timelines which they were kept on."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    text,
)

from latchkey.adapters.postgres.engine.columns import (
    ROOM_FOR_UPDATES,
    identifier_column,
    instant_column,
    is_one_of,
    metadata,
    text_column,
)
from latchkey.domain.sessions.end_reason import EndReason

sessions: Final = Table(
    "sessions",
    metadata,
    identifier_column("id"),
    identifier_column("user_id"),
    Column("generation", BigInteger(), nullable=False),
    instant_column("rotated_at"),
    instant_column("previously_rotated_at", nullable=True),
    instant_column("expires_at"),
    Column("secret_hash", LargeBinary(), nullable=False),
    text_column("end_reason", nullable=True),
    PrimaryKeyConstraint("id", name="sessions_pkey"),
    ForeignKeyConstraint(["user_id"], ["users.id"], name="sessions_user_id_fkey"),
    CheckConstraint("octet_length(secret_hash) = 32", name="sessions_secret_hash_check"),
    CheckConstraint(is_one_of("end_reason", EndReason), name="sessions_end_reason_check"),
    Index("sessions_not_ended_idx", "user_id", "id", postgresql_where=text("end_reason IS NULL")),
    postgresql_with=ROOM_FOR_UPDATES,
)

timelines: Final = Table(
    "timelines",
    metadata,
    instant_column("first_seen_at", nullable=True),
    text_column("id"),
    PrimaryKeyConstraint("id", name="timelines_pkey"),
)
"""A row for each timeline of the server's log that a service has seen.

`id` is written as in the names of the log's files. `first_seen_at` is null for the first timeline.
"""
