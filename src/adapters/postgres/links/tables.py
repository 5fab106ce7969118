"""The table of links that somebody has asked for."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from latchkey.adapters.postgres.engine.columns import (
    ROOM_FOR_UPDATES,
    identifier_column,
    instant_column,
    metadata,
    text_column,
)
from latchkey.domain.links.link import SECRET_BYTES

links: Final = Table(
    "links",
    metadata,
    identifier_column("id"),
    identifier_column("user_id", nullable=True),
    instant_column("expires_at"),
    Column("password_version", Integer()),
    Column("result_version", Integer()),
    text_column("kind"),
    Column("email_canonical", Text(collation="C"), nullable=False),
    Column("secret", LargeBinary(), nullable=False),
    PrimaryKeyConstraint("id", name="links_pkey"),
    CheckConstraint(
        f"octet_length(secret) = {SECRET_BYTES}",
        name="links_secret_check",
    ),
    CheckConstraint(
        "(user_id IS NULL) = (password_version IS NULL)",
        name="links_binding_check",
    ),
    postgresql_with=ROOM_FOR_UPDATES,
)
"""A user of a link need not exist for ever, so `user_id` refers to no row."""
