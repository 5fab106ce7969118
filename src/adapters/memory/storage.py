"""All storage ports in memory."""

from typing_extensions import override

from latchkey.adapters.memory.orders.orders import MemoryOrderRepository
from latchkey.adapters.memory.repositories import repositories
from latchkey.adapters.memory.sessions.takeovers import MemoryTakeovers
from latchkey.adapters.memory.tables import CommittedTables
from latchkey.adapters.memory.throttling.throttle import MemoryThrottle
from latchkey.adapters.memory.unit_of_work import MemoryUnitsOfWork
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.storage import Storage


class MemoryStorage(Storage):
    """Storage for one process and one event loop. Its content is lost when the process ends."""

    def __init__(self, clock: Clock) -> None:
        """Create an empty storage.

        Args:
            clock: The time that this storage uses.
        """
        committed = CommittedTables()
        super().__init__(repositories(committed))
        self.clock = clock
        self.units = MemoryUnitsOfWork(committed)
        self.orders = MemoryOrderRepository(committed)
        self.throttle = MemoryThrottle()
        self.takeovers = MemoryTakeovers()

    @override
    async def open(self) -> None:
        """Do nothing: memory is always ready."""

    @override
    async def close(self) -> None:
        """Do nothing: memory has no connections."""

    @override
    async def ping(self) -> None:
        """Do nothing: memory is always reachable."""
