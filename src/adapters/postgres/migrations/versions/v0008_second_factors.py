"""Create the table of second factors, and say in the row of a user whether there are any.

Whoever may read and write sessions, which is the service's role, may read and write second factors.
So an upgrade needs no grants of its own.
"""

from typing import Final

from alembic import op

revision: Final = "0008"
down_revision: Final = "0007"

_UPGRADE: Final = (
    """
    CREATE TABLE second_factors (
        user_id uuid CONSTRAINT second_factors_pkey PRIMARY KEY
            CONSTRAINT second_factors_user_id_fkey REFERENCES users (id),
        totp_id uuid,
        pending_id uuid,
        totp_spent_step bigint,
        totp_key_id text,
        pending_key_id text,
        totp_nonce bytea,
        pending_nonce bytea,
        recovery_hashes bytea[] NOT NULL,
        CONSTRAINT second_factors_totp_check CHECK (
            num_nulls(totp_id, totp_spent_step, totp_key_id, totp_nonce) IN (0, 4)),
        CONSTRAINT second_factors_pending_check CHECK (
            num_nulls(pending_id, pending_key_id, pending_nonce) IN (0, 3))
    ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02)
    """,
    "ALTER TABLE users ADD COLUMN has_second_factor boolean NOT NULL DEFAULT false",
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
            EXECUTE format('GRANT %s ON second_factors TO %s', granted.privilege_type,
                CASE granted.grantee WHEN 'PUBLIC' THEN 'PUBLIC'
                                     ELSE quote_ident(granted.grantee) END);
        END LOOP;
    END $$
    """,
)


def upgrade() -> None:
    """Create the table, grant what is granted on sessions, and add the column."""
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop both. A password alone signs in again."""
    op.drop_column("users", "has_second_factor")
    op.drop_table("second_factors")
