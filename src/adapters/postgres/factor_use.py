"""Reports to operators which second factors are unusable or missing."""

from collections.abc import Iterable
from typing import Final

from asyncpg import Record

from latchkey.adapters.postgres.engine.config import PostgresConfig
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.engine.errors import FAILURES, reraise

_OTHERS: Final = """
    SELECT DISTINCT rp_id
      FROM (SELECT rp_id FROM passkeys WHERE rp_id IS DISTINCT FROM $1 LIMIT 10000) AS others
     ORDER BY rp_id LIMIT 3
"""
_WITHOUT: Final = """
    SELECT count(*)
      FROM (SELECT FROM users
             WHERE role = $1 AND disabled_at IS NULL AND NOT has_second_factor
             LIMIT 10000) AS found
"""


async def other_relying_parties(dsn: str, rp_id: str | None) -> list[str]:
    """Return host names of stored passkeys that no browser offers any more; three at most.

    Args:
        dsn: The database, whose schema is usable.
        rp_id: What passkeys should be bound to, or None if there can be none.

    Raises:
        StorageFaultError: The database rejected the query.
        StorageUnavailableError: The database did not answer.
    """
    return [row["rp_id"] for row in await _fetched(dsn, _OTHERS, rp_id)]


async def users_without_factor(dsn: str, roles: Iterable[str]) -> dict[str, int]:
    """Return how many users of each role could log in and have no second factor; 10,000 at most.

    Takes and raises what `other_relying_parties` does.
    """
    return {role: (await _fetched(dsn, _WITHOUT, role))[0][0] for role in roles}


async def _fetched(dsn: str, query: str, value: str | None) -> list[Record]:
    connection = await connect(PostgresConfig(dsn=dsn))
    try:
        return list(await connection.fetch(query, value))
    except FAILURES as error:
        reraise(error)
    finally:
        connection.terminate()
