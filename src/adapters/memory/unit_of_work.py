"""Units of work in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from typing_extensions import override

from latchkey.adapters.memory.repositories import repositories
from latchkey.adapters.memory.tables import CommittedTables, ForkAccess
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


class MemoryUnitOfWork(UnitOfWork):
    """Works on a fork of the committed tables, which no other task sees."""

    def __init__(self, access: ForkAccess) -> None:
        """Work on a fork."""
        super().__init__(repositories(access))
        self._access = access

    @override
    async def commit(self) -> None:
        self._access.commit()


class MemoryUnitsOfWork(UnitsOfWork):
    """Runs one unit of work after another: a second one waits for the first to end.

    Every change outside of a unit of work waits, too. A task that makes such a change within its
    own unit of work waits forever.
    """

    def __init__(self, committed: CommittedTables) -> None:
        """Work on forks of these tables."""
        self._committed = committed

    @override
    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        async with self._committed.fork() as tables:
            access = ForkAccess(tables)
            try:
                yield MemoryUnitOfWork(access)
            finally:
                access.close()
