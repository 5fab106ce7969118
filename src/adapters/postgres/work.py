"""Units of work in PostgreSQL: one transaction each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from typing_extensions import override

from adapters.postgres.access import Access, Transaction
from adapters.postgres.audit import PostgresAuditLog
from adapters.postgres.credentials import PostgresCredentialRepository
from adapters.postgres.sessions import PostgresSessionRepository
from adapters.postgres.users import PostgresUserRepository
from domain.work import UnitOfWork, Work


class PostgresWork(Work):
    """Works in a transaction, READ COMMITTED: each statement sees what is committed by then."""

    def __init__(self, transaction: Transaction) -> None:
        """Begin in a transaction."""
        self._transaction = transaction
        self.users = PostgresUserRepository(transaction)
        self.credentials = PostgresCredentialRepository(transaction)
        self.sessions = PostgresSessionRepository(transaction)
        self.audit = PostgresAuditLog(transaction)

    @override
    async def commit(self) -> None:
        await self._transaction.commit()


class PostgresUnitOfWork(UnitOfWork):
    """Holds one connection from the beginning of a unit of work to its end."""

    def __init__(self, access: Access) -> None:
        """Begin transactions there."""
        self._access = access

    @override
    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        async with self._access.transaction() as transaction:
            yield PostgresWork(transaction)
