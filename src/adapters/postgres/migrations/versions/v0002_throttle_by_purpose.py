"""Count hits of any purpose in one table, and keep exemptions as rows of their own.

From now on, keys are hashes of other texts. So all counts begin anew, and no address is known to an
account until the next login from it. The table is renamed, not replaced: it keeps its grants.
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
    """Turn the table of login attempts into the table of all counts."""
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    """Turn the table of all counts back into the table of login attempts."""
    for statement in _DOWN:
        op.execute(statement)
