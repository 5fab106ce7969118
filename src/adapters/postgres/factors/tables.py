"""The table of second factors: a row for each user who has any."""

from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)

from latchkey.adapters.postgres.engine.columns import (
    ROOM_FOR_UPDATES,
    identifier_column,
    metadata,
    text_column,
)

second_factors: Final = Table(
    "second_factors",
    metadata,
    identifier_column("user_id"),
    identifier_column("totp_id", nullable=True),
    identifier_column("pending_id", nullable=True),
    Column("totp_spent_step", BigInteger()),
    text_column("totp_key_id", nullable=True),
    text_column("pending_key_id", nullable=True),
    Column("totp_nonce", LargeBinary()),
    Column("pending_nonce", LargeBinary()),
    Column("recovery_hashes", ARRAY(LargeBinary()), nullable=False),
    PrimaryKeyConstraint("user_id", name="second_factors_pkey"),
    ForeignKeyConstraint(["user_id"], ["users.id"], name="second_factors_user_id_fkey"),
    CheckConstraint(
        "num_nulls(totp_id, totp_spent_step, totp_key_id, totp_nonce) IN (0, 4)",
        name="second_factors_totp_check",
    ),
    CheckConstraint(
        "num_nulls(pending_id, pending_key_id, pending_nonce) IN (0, 3)",
        name="second_factors_pending_check",
    ),
    postgresql_with=ROOM_FOR_UPDATES,
)
"""All that changes about a user's factors is in one row, whose lock decides every race.

There is no secret in it: those of the apps are computed from a key and the nonces, and of recovery
codes there are keyed hashes.
"""
