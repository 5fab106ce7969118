"""Allow erased users, and sessions that ended because the account was deleted.

Adding a condition to a table reads all of its rows while others wait: of `sessions`, a second or so
for each ten million.
"""

from typing import Final

from alembic import op

revision: Final = "0011"
down_revision: Final = "0010"

_UPGRADE: Final = (
    """
    ALTER TABLE users
        ADD CONSTRAINT users_erased_check CHECK (email != '' OR disabled_at IS NOT NULL)
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
    ALTER TABLE users DROP CONSTRAINT users_erased_check
    """,
)


def upgrade() -> None:
    """Add the conditions."""
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop them. Erased users stay as they are: disabled, and without an address."""
    for statement in _DOWNGRADE:
        op.execute(statement)
