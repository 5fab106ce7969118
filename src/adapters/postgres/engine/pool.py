"""A fixed number of connections, shared by the tasks of one event loop.

asyncpg's own pool takes 1.7 times the CPU time for a refresh, even with a reset that does nothing:
it starts a task for each connection that is returned (`just bench-pool` measures it). It also lets
a new caller overtake a waiting one, and a cancellation during the return discards a result that
has already arrived. ADR 0005 has the whole comparison.
"""

import asyncio
from collections import deque
from typing import Final

from latchkey.adapters.postgres.engine.connection import Connect, Connection
from latchkey.adapters.postgres.engine.errors import FAILURES
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.storage import Connections

_CLOSE_TIMEOUT: Final = 2.0  # s


class Pool:
    """A fixed number of slots, each holding an open connection or None.

    When a connection is lost, its slot stays, and the next caller that gets the slot connects. The
    pool therefore recovers as it is used, and never has more connections than slots. Callers that
    wait for a slot are served in order.
    """

    def __init__(self, connect: Connect, *, size: int, acquire_timeout: float) -> None:
        """Create a closed pool.

        Args:
            connect: Opens a connection.
            size: Number of slots, >= 1.
            acquire_timeout: Limit for waiting for a slot and connecting, together, s, > 0.
        """
        self._connect = connect
        self._size = size
        self._acquire_timeout = acquire_timeout
        self._free: deque[Connection | None] = deque([None] * size)
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._is_open = False

    async def open(self) -> None:
        """Start lending, and open a connection for each slot.

        Raises:
            StorageUnavailableError: The first connection failed. The pool is open nevertheless:
                `acquire` tries again.
        """
        self._is_open = True
        opened = [await self.acquire()]
        try:
            others = (self.acquire() for _ in range(self._size - 1))
            results = await asyncio.gather(*others, return_exceptions=True)
            opened += [result for result in results if not isinstance(result, BaseException)]
        finally:
            for connection in opened:
                self.release(connection)

    async def close(self) -> None:
        """Stop lending and close the idle connections; `release` closes the lent ones."""
        self._is_open = False
        idle = [connection for connection in self._free if connection is not None]
        self._free = deque([None] * len(self._free))
        await asyncio.gather(*(_close(connection) for connection in idle))

    async def acquire(self) -> Connection:
        """Lend the connection that was returned last, or a new one.

        Raises:
            StorageUnavailableError: The pool is closed, or the time limit passed before there was
                a free slot with an open connection, or connecting failed.
        """
        if self._free:
            connection = self._free[-1]
            if connection is not None and not connection.is_closed():
                self._free.pop()
                return connection
        if not self._is_open:
            raise StorageUnavailableError
        try:
            async with asyncio.timeout(self._acquire_timeout):
                return await self._acquire_slowly()
        except TimeoutError as error:
            raise StorageUnavailableError from error

    def release(self, connection: Connection) -> None:
        """Give back a connection that is between two statements, or closed.

        Never waits, so no cancellation can come between a caller and the result it has just got.
        """
        if not self._is_open:
            connection.terminate()
        self._hand_on(None if connection.is_closed() else connection)

    def discard(self, connection: Connection) -> None:
        """Close a lent connection, which must not be used again, and free its slot."""
        connection.terminate()
        self._hand_on(None)

    def discard_idle(self) -> None:
        """Close the idle connections, since their server has just failed another caller."""
        for connection in filter(None, self._free):
            connection.terminate()

    def usage(self) -> Connections:
        """Return how many slots are lent, and how many callers wait for one."""
        waiting = sum(not waiter.done() for waiter in self._waiting)
        return Connections(size=self._size, in_use=self._size - len(self._free), waiting=waiting)

    async def _acquire_slowly(self) -> Connection:
        idle = self._free.pop() if self._free else await self._next_slot()
        if idle is not None and not idle.is_closed():
            return idle
        try:
            return await self._connect()
        except BaseException:
            self._hand_on(None)
            raise

    async def _next_slot(self) -> Connection | None:
        waiter: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._hand_on(waiter.result())
            raise

    def _hand_on(self, slot: Connection | None) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(slot)
                return
        if slot is None:
            self._free.appendleft(slot)
        else:
            self._free.append(slot)


async def _close(connection: Connection) -> None:
    try:
        await connection.close(timeout=_CLOSE_TIMEOUT)
    except FAILURES:
        connection.terminate()
