"""A fixed number of connections, shared by the tasks of one event loop.

asyncpg's own pool sends a query to reset each connection that comes back, and starts a task to do
so. Nothing here leaves anything to reset: what goes wrong amid a statement closes its connection.
"""

import asyncio
from collections import deque
from typing import Final

from latchkey.adapters.postgres.engine.connection import Connect, Connection
from latchkey.adapters.postgres.engine.errors import FAILURES
from latchkey.domain.kernel.errors import StorageUnavailableError

_CLOSE_TIMEOUT: Final = 2.0  # s


class Pool:
    """Permits for one connection each, most of which come with one that is open.

    A permit whose connection was lost stays, and whoever gets it connects anew. So the pool heals
    by being used, and never has more connections than permits.
    """

    def __init__(self, connect: Connect, *, size: int, acquire_timeout: float) -> None:
        """Open nothing yet.

        Args:
            connect: Makes a connection.
            size: How many permits, >= 1.
            acquire_timeout: How long to wait for a permit and to connect, together, s > 0.
        """
        self._connect = connect
        self._size = size
        self._acquire_timeout = acquire_timeout
        self._free: deque[Connection | None] = deque([None] * size)
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._is_open = False

    async def open(self) -> None:
        """Begin to lend, and connect as often as there are permits.

        Raises:
            StorageUnavailableError: It isn't possible now; will be tried again by `acquire`.
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
        """Lend no more, and close what isn't lent; what is closes when it comes back."""
        self._is_open = False
        idle = [connection for connection in self._free if connection is not None]
        self._free = deque([None] * len(self._free))
        await asyncio.gather(*(_close(connection) for connection in idle))

    async def acquire(self) -> Connection:
        """Lend a connection: the one that came back last, or a new one.

        Raises:
            StorageUnavailableError: No permit came free, or no connection was made, in time.
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
        """Take a connection back that is between two statements, or closed."""
        if not self._is_open:
            connection.terminate()
        self._hand_on(None if connection.is_closed() else connection)

    def discard(self, connection: Connection) -> None:
        """Take a connection back that nobody may use any more."""
        connection.terminate()
        self._hand_on(None)

    def discard_idle(self) -> None:
        """Close what isn't lent: its server has just left somebody without an answer."""
        for connection in filter(None, self._free):
            connection.terminate()

    async def _acquire_slowly(self) -> Connection:
        idle = self._free.pop() if self._free else await self._next_permit()
        if idle is not None and not idle.is_closed():
            return idle
        try:
            return await self._connect()
        except BaseException:
            self._hand_on(None)
            raise

    async def _next_permit(self) -> Connection | None:
        waiter: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._hand_on(waiter.result())
            raise

    def _hand_on(self, permit: Connection | None) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(permit)
                return
        if permit is None:
            self._free.appendleft(permit)
        else:
            self._free.append(permit)


async def _close(connection: Connection) -> None:
    try:
        await connection.close(timeout=_CLOSE_TIMEOUT)
    except FAILURES:
        connection.terminate()
