"""Databases with any number of users, filled by statements that keep every constraint."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
import bcrypt

from bench.load import BenchError
from bench.rows import PASSWORD
from latchkey.adapters.postgres.migrations import migrate
from latchkey.domain.sessions.refresh_token import SECRET_BYTES

LEAST: Final = 200  # users, so that those at the cap are among them
AT_CAP: Final = range(101, 121)  # the numbers of the users who have as many sessions as they may
CAP: Final = 100  # SESSIONS_PER_USER
COST: Final = 4  # bcrypt's: what is left of a login is its other work
SECRET: Final = bytes(SECRET_BYTES)  # of every session, so that tokens of any of them can be made
BYTES: Final = 12_000  # of disk for each user, log included
_USERS: Final = """
    INSERT INTO users (id, email, email_canonical, name, role, password_hash, password_version,
                       created_at, disabled_at)
    SELECT uuidv7(born - clock_timestamp()), email, email, 'User ' || number,
           CASE WHEN number = 1 OR number % 1000 = 0 THEN 'ADMIN' ELSE 'USER' END, $2, 1, born,
           CASE WHEN number % 50 = 25 THEN born + interval '1 day' END
      FROM generate_series(1, $1::int) AS number,
           LATERAL (SELECT 'user' || number || '@example.com' AS email,
                           now() - make_interval(secs => 86400 * (400 - 300.0 * number / $1))
                           AS born) AS made
"""
_SESSIONS: Final = """
    WITH owners AS (
        SELECT id, disabled_at, row_number() OVER (ORDER BY id) AS number FROM users
    )
    INSERT INTO sessions (id, user_id, generation, rotated_at, expires_at, secret_hash, end_reason)
    SELECT uuidv7(born - clock_timestamp()), owners.id, 0, least(born + interval '2 days', now()),
           date_trunc('second', born + interval '30 days'), sha256($2),
           CASE WHEN disabled_at IS NOT NULL THEN 'user_disabled'
                WHEN turn % 2 = 0 AND turn < 9 THEN 'logged_out' END
      FROM generate_series(1, 10) AS turn, owners,
           LATERAL (SELECT CASE WHEN turn <= 3 THEN 68 - 10 * (turn - 1 + 1.0 * number / $1)
                                ELSE 28 - 4 * (turn - 4 + 1.0 * number / $1) END AS age) AS aged,
           LATERAL (SELECT now() - make_interval(secs => 86400 * age) AS born) AS made
     ORDER BY turn, number
"""
_AT_CAP: Final = """
    INSERT INTO sessions (id, user_id, generation, rotated_at, expires_at, secret_hash)
    SELECT uuidv7(-age), users.id, 0, now() - age, date_trunc('second', now() + interval '25 days'),
           sha256($3)
      FROM generate_series(1, $2::int) AS turn, users,
           LATERAL (SELECT make_interval(secs => 3600 * turn) AS age) AS aged
     WHERE email_canonical = ANY ($1)
"""
_EVENTS: Final = """
    INSERT INTO audit_events (id, at, user_id, session_id, action, address, request_id, detail)
    SELECT uuidv7(born - clock_timestamp()), born, user_id, id, 'login_succeeded', '203.0.113.9',
           replace(gen_random_uuid()::text, '-', ''), '{"device": "Firefox on Linux"}'
      FROM sessions, LATERAL (SELECT uuid_extract_timestamp(id) AS born) AS made ORDER BY id
"""


def check_room(users: int) -> None:
    """Check that there is room for databases with that many users.

    Raises:
        BenchError: The disk of temporary files is too full.
    """
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < users * BYTES:
        raise BenchError(
            f"{tempfile.gettempdir()} has {free / 1e9:.0f} GB free of the {users * BYTES / 1e9:.0f}"
            " GB that this needs: set TMPDIR to another disk, or choose fewer --users"
        )


@asynccontextmanager
async def filled(dsn: str, users: int) -> AsyncIterator[str]:
    """Provide the address of a full database while the block lasts.

    Of the ten sessions of a user, three are so old that they are pruned, two are active, and the
    others have ended or expired. A few users have as many sessions as they may.

    Args:
        dsn: A database of the server.
        users: How many, >= `LEAST`.
    """
    name = f"users_{users}"
    server = await asyncpg.connect(dsn)
    await server.execute(f"CREATE DATABASE {name}")
    try:
        own = dsn.replace("/postgres?", f"/{name}?")
        await migrate(own)
        await _fill(own, users)
        yield own
    finally:
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await server.close()


async def _fill(dsn: str, users: int) -> None:
    password_hash = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(COST)).decode()
    at_cap = [email_of(number) for number in AT_CAP]
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_USERS, users, password_hash)
        await connection.execute(_SESSIONS, users, SECRET)
        await connection.execute(_AT_CAP, at_cap, CAP, SECRET)
        await connection.execute(_EVENTS)
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


def email_of(number: int) -> str:
    """Name a user by their number, from 1 on; the first is an administrator."""
    return f"user{number}@example.com"
