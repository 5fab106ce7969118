"""The table of audit events, which is append-only."""

from typing import Final

from sqlalchemy import (
    DDL,
    Column,
    Index,
    PrimaryKeyConstraint,
    Table,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB

from latchkey.adapters.postgres.engine.columns import (
    identifier_column,
    instant_column,
    metadata,
    text_column,
)

APPEND_ONLY: Final = (
    """
    CREATE FUNCTION refuse_to_change_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit_events()
    """,
)
"""Rejects changes and deletions of rows, even by the owner of the table.

`docs/operations/monitoring.md` says how to archive rows: `session_replication_role` turns the
trigger off for one transaction. Disabling the trigger would block every insert meanwhile.
"""


audit_events: Final = Table(
    "audit_events",
    metadata,
    identifier_column("id"),
    instant_column("at"),
    identifier_column("user_id", nullable=True),
    identifier_column("session_id", nullable=True),
    text_column("action"),
    text_column("address"),
    text_column("request_id"),
    Column("detail", JSONB(), nullable=False),
    PrimaryKeyConstraint("id", name="audit_events_pkey"),
    Index("audit_events_user_id_idx", "user_id", "id"),
    Index("audit_events_session_id_idx", "session_id", "id"),
    Index("audit_events_action_idx", "action", "id"),
    Index("audit_events_request_id_idx", "request_id", postgresql_using="hash"),
)


for _statement in APPEND_ONLY:
    event.listen(audit_events, "after_create", DDL(_statement))  # type: ignore[no-untyped-call] # has no types
