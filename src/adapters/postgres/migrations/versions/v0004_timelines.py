"""Remember the timelines of the server, so that takeovers by a late standby are noticed."""

from typing import Final

from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"

_UPGRADE: Final = (
    """
    CREATE TABLE timelines (
        first_seen_at timestamptz,
        id text CONSTRAINT timelines_pkey PRIMARY KEY
    )
    """,
    # A role that serves already goes on to have all rights that it needs.
    """
    DO $$
    DECLARE
        service record;
    BEGIN
        FOR service IN
            SELECT DISTINCT grantee FROM information_schema.role_table_grants
             WHERE table_schema = current_schema() AND table_name = 'audit_events'
               AND privilege_type = 'INSERT' AND grantee NOT IN (current_user, 'PUBLIC')
        LOOP
            EXECUTE format('GRANT SELECT, INSERT ON timelines TO %I', service.grantee);
        END LOOP;
    END $$
    """,
)


def upgrade() -> None:
    """Create the table, for the roles that may add audit events."""
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("timelines")
