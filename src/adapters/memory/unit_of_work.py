"""Units of work in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from typing_extensions import override

from latchkey.adapters.memory.repositories import repositories
from latchkey.adapters.memory.tables import CommittedTables, ForkAccess
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


class MemoryUnitOfWork(UnitOfWork):
    """Changes a fork of the committed tables, which no other task sees."""

    def __init__(self, access: ForkAccess) -> None:
        super().__init__(repositories(access))
        self._access = access

    @override
    async def commit(self) -> None:
        self._access.commit()


class MemoryUnitsOfWork(UnitsOfWork):
    """Runs one unit of work at a time; further ones wait.

    Changes outside a unit of work wait, too. So a task that makes such a change while its own unit
    of work is open waits forever.
    """

    def __init__(self, committed: CommittedTables) -> None:
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
