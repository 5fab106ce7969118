"""A primary and a standby, and what happens to them."""

import asyncio
from dataclasses import dataclass
from typing import Final

import asyncpg

from faults.load import PATIENCE
from harness.nodes import Node

HAS_STANDBY: Final = "SELECT true FROM pg_stat_replication WHERE sync_state = $1"
_POLL: Final = 0.02  # s
_HAS_NONE: Final = "SELECT count(*) = 0 FROM pg_stat_replication"
_HAS_REPLAYED: Final = "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn"
_HAS_NOTED: Final = "SELECT count(*) > 0 FROM timelines"


@dataclass(frozen=True, slots=True)
class Pair:
    """A primary and a standby that follows it."""

    primary: Node
    standby: Node

    async def make_synchronous(self) -> None:
        """Have commits wait for the standby."""
        await _configure(self.primary, "SET synchronous_standby_names = '*'")
        await until(self.primary, HAS_STANDBY, "sync")

    async def separate(self) -> None:
        """Have the standby miss everything that is committed from now on, and nothing before."""
        written = await fetch(self.primary, "SELECT pg_current_wal_insert_lsn()::text")
        await until(self.standby, _HAS_REPLAYED, written)
        await _configure(self.standby, "SET primary_conninfo = ''")
        await until(self.primary, _HAS_NONE)

    async def make_asynchronous(self) -> None:
        """Have commits wait for nobody any more."""
        await _configure(self.primary, "RESET synchronous_standby_names")

    async def note_the_timeline(self) -> None:
        """Wait until a service has noted on which timeline both work."""
        await until(self.standby, _HAS_NOTED)

    async def fail_over(self) -> None:
        """Kill the primary, then promote the standby."""
        self.primary.kill()
        await asyncio.to_thread(self.standby.promote)


async def fetch(node: Node, sql: str, *values: object) -> object:
    """Return a value from a server."""
    connection = await asyncpg.connect(node.dsn)
    try:
        return await connection.fetchval(sql, *values)
    finally:
        await connection.close()


async def until(node: Node, sql: str, *values: object) -> None:
    """Wait until a server says that a condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not await fetch(node, sql, *values):  # noqa: ASYNC110 - it tells nobody by itself
            await asyncio.sleep(_POLL)


async def _configure(node: Node, change: str) -> None:
    await fetch(node, f"ALTER SYSTEM {change}")
    await fetch(node, "SELECT pg_reload_conf()")
