"""Create the table of passkeys.

Whoever may read and write sessions, which is the service's role, may read and write passkeys. So an
upgrade needs no grants of its own.
"""

from typing import Final

from alembic import op

revision: Final = "0012"
down_revision: Final = "0011"

_UPGRADE: Final = (
    """
    CREATE TABLE passkeys (
        id uuid CONSTRAINT passkeys_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT passkeys_user_id_fkey REFERENCES users (id),
        last_challenge uuid,
        sign_count bigint NOT NULL,
        is_synced boolean NOT NULL,
        is_backed_up boolean NOT NULL,
        credential_id bytea NOT NULL CONSTRAINT passkeys_credential_id_key UNIQUE
            CONSTRAINT passkeys_credential_id_check CHECK (
                octet_length(credential_id) BETWEEN 1 AND 1023),
        public_key bytea NOT NULL,
        user_handle bytea NOT NULL,
        rp_id text NOT NULL,
        name text NOT NULL,
        transports text[] NOT NULL
    ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02)
    """,
    "CREATE INDEX passkeys_user_id_idx ON passkeys (user_id)",
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
            EXECUTE format('GRANT %s ON passkeys TO %s', granted.privilege_type,
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
    """Drop the table. Whoever had nothing but passkeys signs in with the password alone."""
    op.execute(
        """
        UPDATE users SET has_second_factor = false
         WHERE has_second_factor AND NOT EXISTS (
            SELECT FROM second_factors
             WHERE user_id = users.id AND totp_id IS NOT NULL)
        """
    )
    op.drop_table("passkeys")
