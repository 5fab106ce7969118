"""The table of links that somebody has asked for."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
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
    text_column("email", nullable=True),
    text_column("role", nullable=True),
    identifier_column("invited_by", nullable=True),
    PrimaryKeyConstraint("id", name="links_pkey"),
    CheckConstraint(
        f"octet_length(secret) = {SECRET_BYTES}",
        name="links_secret_check",
    ),
    CheckConstraint(
        "(user_id IS NULL) = (password_version IS NULL)",
        name="links_binding_check",
    ),
    CheckConstraint(
        "(kind = 'invitation') = (role IS NOT NULL) AND (invited_by IS NULL OR role IS NOT NULL)",
        name="links_invitation_check",
    ),
    Index(
        "links_invitations_idx",
        "email_canonical",
        postgresql_where=text("kind = 'invitation'"),
    ),
    Index(
        "links_open_invitations_idx",
        "id",
        postgresql_where=text("kind = 'invitation' AND result_version IS NULL"),
    ),
    Index(
        "links_user_id_idx",
        "user_id",
        postgresql_where=text("user_id IS NOT NULL"),
    ),
    postgresql_with=ROOM_FOR_UPDATES,
)
"""A user of a link need not exist for ever, so `user_id` and `invited_by` refer to no row.

An invitation without `invited_by` is an operator's. A row that an older release has written has
no `email`, but the canonical form alone.
"""
