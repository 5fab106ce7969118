"""Which server is the primary, when two of them say so."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import asyncpg

_SEEN: Final = """
SELECT system_identifier AS cluster, left(pg_walfile_name(pg_current_wal_lsn()), 8) AS timeline
  FROM pg_control_system()
 WHERE NOT pg_is_in_recovery()
"""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A timeline of the log that a primary writes.

    Attributes:
        cluster: The identifier that all servers have which descend from one `initdb`.
        number: 8 hexadecimal digits. Each promotion begins a greater one.
    """

    cluster: int
    number: str


class Lineage:
    """Remembers the newest primary that was met, and rejects those before it.

    A primary that hangs until a standby has been promoted does not know, when it goes on, that it
    has been succeeded. It still takes writes, which are lost as soon as somebody tells it.
    """

    __slots__ = ("_newest",)

    def __init__(self) -> None:
        self._newest: Timeline | None = None

    async def check(self, connection: asyncpg.Connection) -> None:
        """Reject a new connection if it is to a primary that another one has succeeded.

        Raises:
            ConnectionError: It is.
        """
        seen = await _timeline_of(connection)
        if seen is not None and not self.admits(seen):
            raise ConnectionError("another primary has taken over from this one")

    def admits(self, seen: Timeline) -> bool:
        """Return whether no primary after this one was met, and remember it if so.

        A server of another cluster is always admitted: the database was moved there.
        """
        newest = self._newest
        if newest and newest.cluster == seen.cluster and newest.number > seen.number:
            return False
        self._newest = seen
        return True


async def _timeline_of(connection: asyncpg.Connection) -> Timeline | None:
    """Return the timeline of a primary; None for a standby, or if the server does not tell it."""
    with suppress(asyncpg.PostgresError):
        if row := await connection.fetchrow(_SEEN):
            return Timeline(row["cluster"], row["timeline"])
    return None
