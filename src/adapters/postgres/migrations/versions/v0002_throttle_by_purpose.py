"""Count hits of any purpose in one table, and keep exemptions as rows of their own.

Keys are hashes of other texts from now on. So all counts begin anew, and an address is unknown to
an account until the next login from it. The table is renamed, not replaced: it keeps its grants.
"""

from typing import Final

from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"

_UP: Final = (
    """
    TRUNCATE login_attempts
    """,
    """
    ALTER TABLE login_attempts RENAME TO throttle_counts
    """,
    """
    ALTER TABLE throttle_counts
        DROP COLUMN full_until,
        DROP COLUMN is_known,
        DROP COLUMN key,
        ADD COLUMN expires_at timestamptz NOT NULL,
        ADD COLUMN key bytea CONSTRAINT throttle_counts_pkey PRIMARY KEY
            CONSTRAINT throttle_counts_key_check CHECK (octet_length(key) = 16)
    """,
)

_DOWN: Final = (
    """
    TRUNCATE throttle_counts
    """,
    """
    ALTER TABLE throttle_counts RENAME TO login_attempts
    """,
    """
    ALTER TABLE login_attempts
        DROP COLUMN expires_at,
        DROP COLUMN key,
        ADD COLUMN full_until timestamptz NOT NULL,
        ADD COLUMN is_known boolean NOT NULL,
        ADD COLUMN key bytea CONSTRAINT login_attempts_pkey PRIMARY KEY
            CONSTRAINT login_attempts_key_check CHECK (octet_length(key) = 16)
    """,
)


def upgrade() -> None:
    """Make the table of login attempts the table of all counts."""
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    """Make the table of all counts the table of login attempts again."""
    for statement in _DOWN:
        op.execute(statement)
