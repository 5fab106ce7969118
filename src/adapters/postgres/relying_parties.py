"""What the stored passkeys are bound to, for an operator."""

from typing import Final

from latchkey.adapters.postgres.engine.config import PostgresConfig
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.engine.errors import FAILURES, reraise

_OTHERS: Final = """
    SELECT DISTINCT rp_id
      FROM (SELECT rp_id FROM passkeys WHERE rp_id IS DISTINCT FROM $1 LIMIT 10000) AS others
     ORDER BY rp_id LIMIT 3
"""


async def other_relying_parties(dsn: str, rp_id: str | None) -> list[str]:
    """Return what passkeys are bound to that no browser offers any more; three at most.

    Args:
        dsn: The database, whose schema is usable.
        rp_id: What passkeys should be bound to, or None if there can be none.

    Raises:
        StorageFaultError: The database rejected the query.
        StorageUnavailableError: The database did not answer.
    """
    connection = await connect(PostgresConfig(dsn=dsn))
    try:
        return [row["rp_id"] for row in await connection.fetch(_OTHERS, rp_id)]
    except FAILURES as error:
        reraise(error)
    finally:
        connection.terminate()
