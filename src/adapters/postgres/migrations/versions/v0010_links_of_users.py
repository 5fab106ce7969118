"""Find the links of one user.

Where there are many links, create the index before, `CONCURRENTLY`.
"""

from typing import Final

from alembic import op

revision: Final = "0010"
down_revision: Final = "0009"


def upgrade() -> None:
    """Add an index."""
    op.execute(
        "CREATE INDEX IF NOT EXISTS links_user_id_idx ON links (user_id) WHERE user_id IS NOT NULL"
    )


def downgrade() -> None:
    """Drop the index. Links to other addresses that were sent are no longer good."""
    op.execute("DELETE FROM links WHERE kind = 'email_change'")
    op.execute("DROP INDEX links_user_id_idx")
