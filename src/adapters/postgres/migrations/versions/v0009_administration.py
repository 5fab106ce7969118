"""Add what administration needs: indexes, and invitations that operators send.

Administrators list open invitations, and find enabled administrators, and users by name. All
indexes but that of names are small: an invitation leaves its index when it is used, a mail when it
is tried. The release before reads an invitation without `invited_by` as a registration, which
makes a user without any right.
"""

from typing import Final

from alembic import op

revision: Final = "0009"
down_revision: Final = "0008"

_UPGRADE: Final = (
    """
    CREATE INDEX IF NOT EXISTS links_open_invitations_idx ON links (id)
     WHERE kind = 'invitation' AND result_version IS NULL
    """,
    """
    CREATE INDEX IF NOT EXISTS users_admins_idx ON users (id)
     WHERE role = 'ADMIN' AND disabled_at IS NULL
    """,
    """
    CREATE INDEX IF NOT EXISTS users_name_idx ON users (lower(name COLLATE "C"), id)
    """,
    """
    CREATE INDEX mails_untried_idx ON mails (recipient_canonical)
     WHERE attempts = 0 AND failure IS NULL
    """,
    """
    ALTER TABLE links
        DROP CONSTRAINT links_invitation_check,
        ADD CONSTRAINT links_invitation_check CHECK (
            (kind = 'invitation') = (role IS NOT NULL)
            AND (invited_by IS NULL OR role IS NOT NULL))
    """,
)
_DOWNGRADE: Final = (
    "DELETE FROM links WHERE kind = 'invitation' AND invited_by IS NULL",
    """
    ALTER TABLE links
        DROP CONSTRAINT links_invitation_check,
        ADD CONSTRAINT links_invitation_check
            CHECK ((kind = 'invitation') = (role IS NOT NULL AND invited_by IS NOT NULL))
    """,
    "DROP INDEX mails_untried_idx",
    "DROP INDEX users_name_idx",
    "DROP INDEX users_admins_idx",
    "DROP INDEX links_open_invitations_idx",
)


def upgrade() -> None:
    """Add the indexes, and allow invitations that no user has sent."""
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop the indexes, and the invitations of operators, which are no longer good."""
    for statement in _DOWNGRADE:
        op.execute(statement)
