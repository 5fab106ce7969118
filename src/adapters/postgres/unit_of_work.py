"""Units of work in PostgreSQL: one transaction each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Access, Transaction
from latchkey.adapters.postgres.repositories import repositories
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


class PostgresUnitOfWork(UnitOfWork):
    """One READ COMMITTED transaction: each statement sees what is committed when it starts."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(repositories(transaction))
        self._transaction = transaction

    @override
    async def commit(self) -> None:
        await self._transaction.commit()


class PostgresUnitsOfWork(UnitsOfWork):
    """Uses one connection from the beginning of a unit of work to its end."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        async with self._access.transaction() as transaction:
            yield PostgresUnitOfWork(transaction)
