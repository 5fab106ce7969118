"""Create the outbox: the table of mails that are not sent yet.

Whoever may read and write sessions, which is the service's role, may read and write mails. So an
upgrade needs no grants of its own.
"""

from typing import Final

from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"

_UPGRADE: Final = (
    """
    CREATE TABLE mails (
        id uuid CONSTRAINT mails_pkey PRIMARY KEY,
        user_id uuid,
        next_attempt_at timestamptz NOT NULL,
        give_up_at timestamptz NOT NULL,
        attempts smallint NOT NULL,
        kind text NOT NULL,
        language text NOT NULL,
        recipient text NOT NULL,
        recipient_canonical text COLLATE "C" NOT NULL,
        facts jsonb NOT NULL,
        failure text
    ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02)
    """,
    """
    CREATE INDEX mails_due_idx ON mails (next_attempt_at) WHERE failure IS NULL
    """,
    """
    DO $$
    DECLARE
        granted record;
    BEGIN
        FOR granted IN
            SELECT grantee, privilege_type FROM information_schema.role_table_grants
             WHERE table_schema = current_schema() AND table_name = 'sessions'
               AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
               AND grantee != current_user
        LOOP
            EXECUTE format('GRANT %s ON mails TO %s', granted.privilege_type,
                CASE granted.grantee WHEN 'PUBLIC' THEN 'PUBLIC'
                                     ELSE quote_ident(granted.grantee) END);
        END LOOP;
    END $$
    """,
)


def upgrade() -> None:
    """Create the table, and grant what is granted on sessions."""
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop the table with the mails that are not sent yet."""
    op.drop_table("mails")
