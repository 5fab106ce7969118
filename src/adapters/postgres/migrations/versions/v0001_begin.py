"""Create the tables of users, sessions, orders, audit events and login attempts."""

from typing import Final

from alembic import op

revision: Final = "0001"
down_revision: Final = None

_USERS: Final = (
    """
    CREATE TABLE users (
        id uuid CONSTRAINT users_pkey PRIMARY KEY,
        email text NOT NULL,
        email_canonical text NOT NULL CONSTRAINT users_email_canonical_key UNIQUE,
        name text NOT NULL,
        role text NOT NULL CONSTRAINT users_role_check CHECK (role IN ('ADMIN', 'USER')),
        password_hash text NOT NULL,
        password_version integer NOT NULL,
        created_at timestamptz NOT NULL,
        disabled_at timestamptz
    )
    """,
    """
    CREATE INDEX users_newest_first_idx ON users (created_at DESC, id DESC)
    """,
)

_SESSIONS: Final = (
    """
    CREATE TABLE sessions (
        id uuid CONSTRAINT sessions_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES users (id),
        generation bigint NOT NULL,
        rotated_at timestamptz NOT NULL,
        previously_rotated_at timestamptz,
        expires_at timestamptz NOT NULL,
        secret_hash bytea NOT NULL
            CONSTRAINT sessions_secret_hash_check CHECK (octet_length(secret_hash) = 32),
        end_reason text CONSTRAINT sessions_end_reason_check CHECK (
            end_reason IN (
                'logged_out', 'replaced', 'expired', 'reuse_detected', 'revoked', 'user_disabled'
            )
        )
    ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02)
    """,
    """
    CREATE INDEX sessions_user_id_idx ON sessions (user_id)
    """,
)

_ORDERS: Final = (
    """
    CREATE TABLE orders (
        id uuid CONSTRAINT orders_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT orders_user_id_fkey REFERENCES users (id),
        total_cents bigint NOT NULL CONSTRAINT orders_total_cents_check CHECK (total_cents >= 0),
        created_at timestamptz NOT NULL,
        status text NOT NULL CONSTRAINT orders_status_check
            CHECK (status IN ('pending', 'paid', 'shipped', 'delivered', 'cancelled')),
        currency text NOT NULL CONSTRAINT orders_currency_check CHECK (currency ~ '^[A-Z]{3}$')
    )
    """,
    """
    CREATE INDEX orders_newest_first_idx ON orders (user_id, created_at DESC, id DESC)
    """,
)

_AUDIT_EVENTS: Final = (
    """
    CREATE TABLE audit_events (
        id uuid CONSTRAINT audit_events_pkey PRIMARY KEY,
        at timestamptz NOT NULL,
        user_id uuid,
        session_id uuid,
        action text NOT NULL,
        address text NOT NULL,
        request_id text NOT NULL,
        detail jsonb NOT NULL
    )
    """,
    """
    CREATE INDEX audit_events_user_id_idx ON audit_events (user_id, id)
    """,
    """
    CREATE INDEX audit_events_session_id_idx ON audit_events (session_id, id)
    """,
    """
    CREATE FUNCTION refuse_to_change_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit_events()
    """,
)

_LOGIN_ATTEMPTS: Final = (
    """
    CREATE TABLE login_attempts (
        full_until timestamptz NOT NULL,
        is_known boolean NOT NULL,
        key bytea CONSTRAINT login_attempts_pkey PRIMARY KEY
            CONSTRAINT login_attempts_key_check CHECK (octet_length(key) = 16)
    ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02)
    """,
)


def upgrade() -> None:
    """Create the tables."""
    for table in (_USERS, _SESSIONS, _ORDERS, _AUDIT_EVENTS, _LOGIN_ATTEMPTS):
        for statement in table:
            op.execute(statement)


def downgrade() -> None:
    """Drop the tables with all their rows."""
    for table in ("login_attempts", "audit_events", "orders", "sessions", "users"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_to_change_audit_events()")
