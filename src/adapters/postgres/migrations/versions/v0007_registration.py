"""Add what a link needs to create a user: the address as typed, and who sent the invitation.

The release before writes rows without these columns, so an upgrade needs no downtime.
"""

from typing import Final

from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"

_UPGRADE: Final = (
    """
    ALTER TABLE links
        ADD COLUMN email text,
        ADD COLUMN role text,
        ADD COLUMN invited_by uuid,
        ADD CONSTRAINT links_invitation_check
            CHECK ((kind = 'invitation') = (role IS NOT NULL AND invited_by IS NOT NULL))
    """,
    """
    CREATE INDEX links_invitations_idx ON links (email_canonical) WHERE kind = 'invitation'
    """,
)

_DOWNGRADE: Final = (
    "DELETE FROM links WHERE kind != 'password_reset'",
    """
    ALTER TABLE links
        DROP CONSTRAINT links_invitation_check,
        DROP COLUMN email,
        DROP COLUMN role,
        DROP COLUMN invited_by
    """,
)


def upgrade() -> None:
    """Add the columns, and an index of invitations."""
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop the columns. Registrations and invitations that were sent are no longer good."""
    op.execute("DROP INDEX links_invitations_idx")
    for statement in _DOWNGRADE:
        op.execute(statement)
