"""Let users be erased, and find the administrators who are left.

Adding a condition to a table reads all of its rows while others wait: of `sessions`, a second or so
for each ten million. Where there are many users, create the index before, `CONCURRENTLY`.
"""

from typing import Final

from alembic import op

revision: Final = "0010"
down_revision: Final = "0009"

_UPGRADE: Final = (
    """
    ALTER TABLE users
        ADD CONSTRAINT users_erased_check CHECK (email != '' OR disabled_at IS NOT NULL)
    """,
    """
    CREATE INDEX IF NOT EXISTS users_admins_idx ON users (id) WHERE role = 'ADMIN'
    """,
    """
    ALTER TABLE sessions
        DROP CONSTRAINT sessions_end_reason_check,
        ADD CONSTRAINT sessions_end_reason_check CHECK (
            end_reason IN (
                'logged_out', 'replaced', 'expired', 'reuse_detected', 'revoked', 'user_disabled',
                'account_deleted'
            )
        )
    """,
)
_DOWNGRADE: Final = (
    """
    UPDATE sessions SET end_reason = 'user_disabled' WHERE end_reason = 'account_deleted'
    """,
    """
    ALTER TABLE sessions
        DROP CONSTRAINT sessions_end_reason_check,
        ADD CONSTRAINT sessions_end_reason_check CHECK (
            end_reason IN (
                'logged_out', 'replaced', 'expired', 'reuse_detected', 'revoked', 'user_disabled'
            )
        )
    """,
    """
    DROP INDEX users_admins_idx
    """,
    """
    ALTER TABLE users DROP CONSTRAINT users_erased_check
    """,
)


def upgrade() -> None:
    """Add the conditions and the index."""
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop them. Erased users stay as they are: disabled, and without an address."""
    for statement in _DOWNGRADE:
        op.execute(statement)
