"""The table of users."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    text,
)

from latchkey.adapters.postgres.engine.columns import (
    identifier_column,
    instant_column,
    is_one_of,
    metadata,
    text_column,
)
from latchkey.domain.accounts.user import Role

FOLDED_NAME: Final[ColumnElement[str]] = literal_column(
    'lower(name COLLATE "C")', Text(collation="C")
)
"""A name as searches compare it. With this collation, only ASCII letters have a lower case."""

USERS_EMAIL_KEY: Final = "users_email_canonical_key"


users: Final = Table(
    "users",
    metadata,
    identifier_column("id"),
    text_column("email"),
    Column("email_canonical", Text(collation="C"), nullable=False),  # the same order everywhere
    text_column("name"),
    text_column("role"),
    text_column("password_hash"),
    Column("password_version", Integer(), nullable=False),
    instant_column("created_at"),
    instant_column("disabled_at", nullable=True),
    Column("has_second_factor", Boolean(), nullable=False, server_default=false()),
    PrimaryKeyConstraint("id", name="users_pkey"),
    UniqueConstraint("email_canonical", name=USERS_EMAIL_KEY),
    CheckConstraint(is_one_of("role", Role), name="users_role_check"),
    CheckConstraint("email != '' OR disabled_at IS NOT NULL", name="users_erased_check"),
    Index(
        "users_admins_idx",
        "id",
        postgresql_where=text("role = 'ADMIN' AND disabled_at IS NULL"),
    ),
    Index("users_name_idx", FOLDED_NAME, "id"),
    Index("users_newest_first_idx", text("created_at DESC"), text("id DESC")),
)
"""An erased user has no address: `email` is empty."""
