"""The tables: the one source of truth for the schema, from which all statements are made.

Identifiers are of UUID version 7 and made by the application, so that rows which are born together
lie together in every index (RFC 9562, section 6.13). Nothing that a refresh writes is indexed and
the pages of `sessions` keep room for new versions of a row, so that a refresh never touches an
index (a heap-only tuple update). For the same reason a session's idle expiry is not stored: it is
`rotated_at` and the idle lifetime.
"""

from collections.abc import Iterable
from typing import Any, Final

from advanced_alchemy.types import GUID, DateTimeUTC
from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from domain.errors import EndReason
from domain.order import OrderStatus
from domain.user import Role

USERS_EMAIL_KEY: Final = "users_email_canonical_key"

APPEND_ONLY: Final = (
    """
    CREATE FUNCTION refuse_to_change_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit_events only ever grows' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit_events()
    """,
)
"""What makes a row of `audit_events` stay as it is, even for the owner of the table.

`docs/operations.md` tells how to archive: `session_replication_role` rests it for one transaction,
where to disable it would make everybody wait who notes an event.
"""

_ROOM_FOR_UPDATES: Final = {"fillfactor": "90", "autovacuum_vacuum_scale_factor": "0.02"}

metadata: Final = MetaData()


def _id(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, GUID(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTimeUTC(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Text(), nullable=nullable)


def _is_one_of(column: str, values: Iterable[str]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


users: Final = Table(
    "users",
    metadata,
    _id("id"),
    _text("email"),
    _text("email_canonical"),
    _text("name"),
    _text("role"),
    _text("password_hash"),
    Column("password_version", Integer(), nullable=False),
    _instant("created_at"),
    _instant("disabled_at", nullable=True),
    PrimaryKeyConstraint("id", name="users_pkey"),
    UniqueConstraint("email_canonical", name=USERS_EMAIL_KEY),
    CheckConstraint(_is_one_of("role", Role), name="users_role_check"),
    Index("users_newest_first_idx", text("created_at DESC"), text("id DESC")),
)

sessions: Final = Table(
    "sessions",
    metadata,
    _id("id"),
    _id("user_id"),
    Column("generation", BigInteger(), nullable=False),
    _instant("rotated_at"),
    _instant("previously_rotated_at", nullable=True),
    _instant("expires_at"),
    Column("secret_hash", LargeBinary(), nullable=False),
    _text("end_reason", nullable=True),
    PrimaryKeyConstraint("id", name="sessions_pkey"),
    ForeignKeyConstraint(["user_id"], ["users.id"], name="sessions_user_id_fkey"),
    CheckConstraint("octet_length(secret_hash) = 32", name="sessions_secret_hash_check"),
    CheckConstraint(_is_one_of("end_reason", EndReason), name="sessions_end_reason_check"),
    Index("sessions_user_id_idx", "user_id"),
    postgresql_with=_ROOM_FOR_UPDATES,
)

orders: Final = Table(
    "orders",
    metadata,
    _id("id"),
    _id("user_id"),
    Column("total_cents", BigInteger(), nullable=False),
    _instant("created_at"),
    _text("status"),
    _text("currency"),
    PrimaryKeyConstraint("id", name="orders_pkey"),
    ForeignKeyConstraint(["user_id"], ["users.id"], name="orders_user_id_fkey"),
    CheckConstraint("total_cents >= 0", name="orders_total_cents_check"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="orders_currency_check"),
    CheckConstraint(_is_one_of("status", OrderStatus), name="orders_status_check"),
    Index("orders_newest_first_idx", "user_id", text("created_at DESC"), text("id DESC")),
)

audit_events: Final = Table(
    "audit_events",
    metadata,
    _id("id"),
    _instant("at"),
    _id("user_id", nullable=True),
    _id("session_id", nullable=True),
    _text("action"),
    _text("address"),
    _text("request_id"),
    Column("detail", JSONB(), nullable=False),
    PrimaryKeyConstraint("id", name="audit_events_pkey"),
    Index("audit_events_user_id_idx", "user_id", "id"),
    Index("audit_events_session_id_idx", "session_id", "id"),
)

login_attempts: Final = Table(
    "login_attempts",
    metadata,
    _instant("full_until"),
    Column("is_known", Boolean(), nullable=False),
    Column("key", LargeBinary(), nullable=False),
    PrimaryKeyConstraint("key", name="login_attempts_pkey"),
    CheckConstraint("octet_length(key) = 16", name="login_attempts_key_check"),
    postgresql_with=_ROOM_FOR_UPDATES,
)

for _statement in APPEND_ONLY:
    event.listen(audit_events, "after_create", DDL(_statement))  # type: ignore[no-untyped-call] # has no types
