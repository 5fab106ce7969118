"""Add indexes for sessions and the audit log; compare e-mail addresses byte by byte."""

from typing import Final

from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"

_UPGRADE: Final = (
    # An upgrade of the operating system may change any other collation, and break the index.
    """
    ALTER TABLE users ALTER COLUMN email_canonical TYPE text COLLATE "C"
    """,
    """
    CREATE INDEX IF NOT EXISTS sessions_not_ended_idx ON sessions (user_id, id)
     WHERE end_reason IS NULL
    """,
    """
    DROP INDEX sessions_user_id_idx
    """,
    """
    CREATE INDEX IF NOT EXISTS audit_events_action_idx ON audit_events (action, id)
    """,
    """
    CREATE INDEX IF NOT EXISTS audit_events_request_id_idx ON audit_events USING hash (request_id)
    """,
)
_DOWNGRADE: Final = (
    """
    DROP INDEX audit_events_request_id_idx
    """,
    """
    DROP INDEX audit_events_action_idx
    """,
    """
    CREATE INDEX sessions_user_id_idx ON sessions (user_id)
    """,
    """
    DROP INDEX sessions_not_ended_idx
    """,
    """
    ALTER TABLE users ALTER COLUMN email_canonical TYPE text
    """,
)


def upgrade() -> None:
    """Create the indexes, and set the collation."""
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Restore the previous index and collation."""
    for statement in _DOWNGRADE:
        op.execute(statement)
