"""Let administrators list the invitations that are open: add an index of those alone.

The index is small, since an invitation leaves it when it is used.
"""

from typing import Final

from alembic import op

revision: Final = "0009"
down_revision: Final = "0008"


def upgrade() -> None:
    """Add the index."""
    op.execute(
        "CREATE INDEX links_open_invitations_idx ON links (id)"
        " WHERE kind = 'invitation' AND result_version IS NULL"
    )


def downgrade() -> None:
    """Drop the index."""
    op.execute("DROP INDEX links_open_invitations_idx")
