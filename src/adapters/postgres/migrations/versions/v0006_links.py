"""Create the table of links in mails, such as those for new passwords.

Whoever may read and write sessions, which is the service's role, may read and write links. So an
upgrade needs no grants of its own.
"""

from typing import Final

from alembic import op

revision: Final = "0006"
down_revision: Final = "0005"

_UPGRADE: Final = (
    """
    CREATE TABLE links (
        id uuid CONSTRAINT links_pkey PRIMARY KEY,
        user_id uuid,
        expires_at timestamptz NOT NULL,
        password_version integer,
        result_version integer,
        kind text NOT NULL,
        email_canonical text COLLATE "C" NOT NULL,
        secret bytea NOT NULL,
        CONSTRAINT links_secret_check CHECK (octet_length(secret) = 16),
        CONSTRAINT links_binding_check CHECK ((user_id IS NULL) = (password_version IS NULL))
    ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02)
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
            EXECUTE format('GRANT %s ON links TO %s', granted.privilege_type,
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
    """Drop the table. Links that were sent are no longer good."""
    op.drop_table("links")
