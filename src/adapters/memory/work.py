"""Units of work in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from typing_extensions import override

from adapters.memory.audit import MemoryAuditLog
from adapters.memory.credentials import MemoryCredentialRepository
from adapters.memory.sessions import MemorySessionRepository
from adapters.memory.storage import ForkAccess, Storage
from adapters.memory.users import MemoryUserRepository
from domain.work import UnitOfWork, Work


class MemoryWork(Work):
    """Works on a fork of what was committed, which nobody else sees."""

    def __init__(self, access: ForkAccess) -> None:
        """Begin on a fork."""
        self._access = access
        self.users = MemoryUserRepository(access)
        self.credentials = MemoryCredentialRepository(access)
        self.sessions = MemorySessionRepository(access)
        self.audit = MemoryAuditLog(access)

    @override
    async def commit(self) -> None:
        self._access.commit()


class MemoryUnitOfWork(UnitOfWork):
    """Runs one unit of work after another: a second one waits for the first to end.

    So does every change outside of it; a task that makes one amid its own work waits for good.
    """

    def __init__(self, storage: Storage) -> None:
        """Work on a storage."""
        self._storage = storage

    @override
    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        async with self._storage.fork() as tables:
            access = ForkAccess(tables)
            try:
                yield MemoryWork(access)
            finally:
                access.close()
