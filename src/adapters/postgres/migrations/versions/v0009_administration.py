"""Add small indexes for administration: of open invitations, and of enabled administrators.

An invitation leaves its index when it is used.
"""

from typing import Final

from alembic import op

revision: Final = "0009"
down_revision: Final = "0008"


def upgrade() -> None:
    """Add the indexes."""
    op.execute(
        "CREATE INDEX IF NOT EXISTS links_open_invitations_idx ON links (id)"
        " WHERE kind = 'invitation' AND result_version IS NULL"
    )
    op.execute(
        "CREATE INDEX IF NOT EXISTS users_admins_idx ON users (id)"
        " WHERE role = 'ADMIN' AND disabled_at IS NULL"
    )


def downgrade() -> None:
    """Drop the indexes."""
    op.execute("DROP INDEX users_admins_idx")
    op.execute("DROP INDEX links_open_invitations_idx")
