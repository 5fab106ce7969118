"""CPU time of the client for each operation: our own connection pool beside asyncpg's."""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from statistics import quantiles
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

import asyncpg

from bench.load import BenchError
from bench.report import machine
from latchkey.adapters.postgres.engine.config import PostgresConfig
from latchkey.adapters.postgres.engine.connection import Connection, connect
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.migrations import migrate
from latchkey.adapters.postgres.sessions import statements as sessions

Operation: TypeAlias = Callable[[Connection], Awaitable[None]]
Lend: TypeAlias = Callable[[Operation], Awaitable[None]]
"""Runs an operation on a connection of one pool."""

CONNECTIONS: Final = 10
CLIENTS: Final = 100  # concurrent, in the last load
OPERATIONS: Final = 500  # of each load on each pool in a round
ACQUIRE_TIMEOUT: Final = 3.0  # s
_DAY: Final = timedelta(days=1)
_SECRET_HASH: Final = bytes(32)
_HEAD: Final = """\
| | our own, µs | asyncpg's, µs | asyncpg's / our own, quartiles of the rounds |
| --- | --: | --: | --: |
"""
_FILL: Final = """
    WITH owner AS (
        INSERT INTO users
        VALUES (uuidv7(), 'a@example.com', 'a@example.com', 'Ada', 'USER', 'hash', 1, now(), NULL)
        RETURNING id
    )
    INSERT INTO sessions (id, user_id, generation, rotated_at, expires_at, secret_hash)
    SELECT uuidv7(), id, 0, now(), now() + interval '30 days', $1
      FROM owner, generate_series(1, $2) RETURNING id
"""


class Cost(NamedTuple):
    """CPU time of one operation in one round, µs."""

    ours: float
    asyncpgs: float


class Client:
    """Refreshes one session again and again."""

    def __init__(self, session_id: UUID) -> None:
        """Refresh a session of generation 0 that no other client uses."""
        self._session_id = session_id
        self._generations = count()

    async def refresh(self, connection: Connection) -> None:
        """Rotate the token by one statement that commits itself, as a request does."""
        now = datetime.now(UTC)
        generation = next(self._generations)
        arguments = sessions.ROTATE.arguments(
            {
                "session_id": self._session_id,
                "presented_hash": _SECRET_HASH,
                "current": generation,
                "next": generation + 1,
                "now": now,
                "idle_since": now - _DAY,
                "settled_before": now + _DAY,  # no wait for the disk
            }
        )
        row = await connection.fetchrow(sessions.ROTATE.sql, *arguments)
        if row is None:
            raise BenchError("a session was not refreshed")

    async def refresh_in_transaction(self, connection: Connection) -> None:
        """Begin a transaction, rotate the token and commit."""
        await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        await self.refresh(connection)
        await connection.execute("COMMIT")


async def compare(dsn: str, rounds: int) -> str:
    """Measure both pools on an empty database and return a Markdown table.

    Both pools lend the same connections, and the rounds of both are interleaved, so that nothing
    but the pool differs.

    Args:
        dsn: Where the database is.
        rounds: How often each load is measured on each pool, >= 2.
    """
    await migrate(dsn)
    config = PostgresConfig(dsn=dsn)
    connections = [await connect(config) for _ in range(CONNECTIONS)]
    try:
        found = await connections[0].fetch(_FILL, _SECRET_HASH, CLIENTS)
        costs = await _measure(connections, [Client(row["id"]) for row in found], rounds)
    finally:
        await asyncio.gather(*(connection.close() for connection in connections))
    rows = "".join(_row(name, each) for name, each in costs.items())
    return f"{rounds} rounds of {OPERATIONS} on {machine()}, uvloop.\n\n{_HEAD}{rows}"


async def _measure(
    connections: Sequence[Connection], clients: Sequence[Client], rounds: int
) -> Mapping[str, Sequence[Cost]]:
    [one, *_] = clients
    alone, shared = await _pools(connections[:1]), await _pools(connections)
    contended = f"refresh, one statement, {CLIENTS} clients on {CONNECTIONS} connections"
    costs: defaultdict[str, list[Cost]] = defaultdict(list)
    for turn in range(rounds):
        costs["refresh, one statement"].append(await _cost(turn, alone, [one.refresh]))
        costs["refresh in a transaction"].append(
            await _cost(turn, alone, [one.refresh_in_transaction])
        )
        costs[contended].append(await _cost(turn, shared, [each.refresh for each in clients]))
    return costs


async def _pools(connections: Sequence[Connection]) -> tuple[Lend, Lend]:
    size = len(connections)
    ours = Pool(_dealing(connections), size=size, acquire_timeout=ACQUIRE_TIMEOUT)
    await ours.open()
    asyncpgs = await asyncpg.create_pool(
        connect=_dealing(connections),
        reset=_keep,
        min_size=0,  # replaces nothing when the connections are closed
        init_size=size,
        max_size=size,
        max_queries=sys.maxsize,
        max_inactive_connection_lifetime=0,  # s; 0 is without limit
    )
    return partial(_lend_ours, ours), partial(_lend_asyncpgs, asyncpgs)


def _dealing(connections: Sequence[Connection]) -> Callable[..., Coroutine[Any, Any, Connection]]:
    left = iter(connections)

    async def deal(*_: object, **__: object) -> Connection:
        return next(left)

    return deal


async def _keep(connection: Connection) -> None:
    """Reset nothing."""


async def _lend_ours(pool: Pool, operation: Operation) -> None:
    connection = await pool.acquire()
    try:
        await operation(connection)
    finally:
        pool.release(connection)


async def _lend_asyncpgs(pool: asyncpg.Pool, operation: Operation) -> None:
    connection = await pool.acquire(timeout=ACQUIRE_TIMEOUT)
    try:
        await operation(connection)  # type: ignore[arg-type] # a proxy of one does the same
    finally:
        await pool.release(connection)


async def _cost(turn: int, pools: tuple[Lend, Lend], operations: Sequence[Operation]) -> Cost:
    ours, asyncpgs = pools
    if turn % 2:
        cost = await _cpu(asyncpgs, operations)
        return Cost(await _cpu(ours, operations), cost)
    return Cost(await _cpu(ours, operations), await _cpu(asyncpgs, operations))


async def _cpu(lend: Lend, operations: Sequence[Operation]) -> float:
    times = OPERATIONS // len(operations)
    began = time.process_time()
    await asyncio.gather(*(_repeat(lend, operation, times) for operation in operations))
    return (time.process_time() - began) / (times * len(operations)) * 1e6


async def _repeat(lend: Lend, operation: Operation, times: int) -> None:
    for _ in range(times):
        await lend(operation)


def _row(name: str, costs: Sequence[Cost]) -> str:
    ours, asyncpgs = (quantiles(each)[1] for each in zip(*costs, strict=True))
    low, middle, high = quantiles([cost.asyncpgs / cost.ours for cost in costs])
    return f"| {name} | {ours:.0f} | {asyncpgs:.0f} | {low:.2f}, {middle:.2f}, {high:.2f} |\n"
