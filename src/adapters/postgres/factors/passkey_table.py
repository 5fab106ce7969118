"""The table of passkeys."""

from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from latchkey.adapters.postgres.engine.columns import (
    ROOM_FOR_UPDATES,
    identifier_column,
    metadata,
    text_column,
)

passkeys: Final = Table(
    "passkeys",
    metadata,
    identifier_column("id"),
    identifier_column("user_id"),
    identifier_column("last_challenge", nullable=True),
    Column("sign_count", BigInteger(), nullable=False),
    Column("is_synced", Boolean(), nullable=False),
    Column("is_backed_up", Boolean(), nullable=False),
    Column("credential_id", LargeBinary(), nullable=False),
    Column("public_key", LargeBinary(), nullable=False),
    Column("user_handle", LargeBinary(), nullable=False),
    text_column("rp_id"),
    text_column("name"),
    Column("transports", ARRAY(Text()), nullable=False),
    PrimaryKeyConstraint("id", name="passkeys_pkey"),
    UniqueConstraint("credential_id", name="passkeys_credential_id_key"),
    ForeignKeyConstraint(["user_id"], ["users.id"], name="passkeys_user_id_fkey"),
    CheckConstraint(
        "octet_length(credential_id) BETWEEN 1 AND 1023", name="passkeys_credential_id_check"
    ),
    Index("passkeys_user_id_idx", "user_id"),
    postgresql_with=ROOM_FOR_UPDATES,
)
"""A public key for each passkey. What a sign-in writes is not indexed."""
