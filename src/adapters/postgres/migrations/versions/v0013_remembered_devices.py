"""Create the table of remembered devices.

Whoever may read and write sessions, which is the service's role, may read and write these. So an
upgrade needs no grants of its own.
"""

from typing import Final

from alembic import op

revision: Final = "0013"
down_revision: Final = "0012"

_UPGRADE: Final = (
    """
    CREATE TABLE remembered_devices (
        id uuid CONSTRAINT remembered_devices_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT remembered_devices_user_id_fkey REFERENCES users (id),
        expires_at timestamptz NOT NULL,
        last_used_at timestamptz,
        password_version integer NOT NULL,
        secret_hash bytea NOT NULL CONSTRAINT remembered_devices_secret_hash_check CHECK (
            octet_length(secret_hash) = 32),
        name text NOT NULL
    ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02)
    """,
    "CREATE INDEX remembered_devices_expires_at_idx ON remembered_devices (expires_at)",
    "CREATE INDEX remembered_devices_user_id_idx ON remembered_devices (user_id)",
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
            EXECUTE format('GRANT %s ON remembered_devices TO %s', granted.privilege_type,
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
    """Drop the table. The next sign-in on each device asks for a code."""
    op.drop_table("remembered_devices")
