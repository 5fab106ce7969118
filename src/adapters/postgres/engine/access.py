"""Runs statements: each in its own transaction, or several in one."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import ClassVar, Final, TypeVar

import asyncpg
from typing_extensions import override

from latchkey.adapters.postgres.engine.connection import Connection
from latchkey.adapters.postgres.engine.errors import (
    FAILURES,
    NO_CONSTRAINT_ERRORS,
    ConstraintErrors,
    is_connection_lost,
    reraise,
)
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.unit_of_work import WorkIsOverError

T = TypeVar("T")
Run = Callable[..., Awaitable[T]]

_RETRY_AFTER: Final = (0.05, 0.2)  # s, minimum and maximum: callers must not retry all at once


class Access(ABC):
    """How a repository runs its statements.

    Attributes:
        is_autocommit: Whether each statement runs in a transaction of its own.
    """

    is_autocommit: ClassVar[bool]

    @abstractmethod
    async def row(self, statement: Statement, **values: object) -> asyncpg.Record | None:
        """Run a statement and return its first row, or None.

        Raises:
            LatchkeyError: A constraint that has a domain error was violated.
            StorageFaultError: The statement failed, and would fail again.
            StorageUnavailableError: Anything else went wrong.
        """

    @abstractmethod
    async def rows(self, statement: Statement, **values: object) -> list[asyncpg.Record]:
        """Run a statement and return all its rows.

        Raises:
            LatchkeyError: A constraint that has a domain error was violated.
            StorageFaultError: The statement failed, and would fail again.
            StorageUnavailableError: Anything else went wrong.
        """

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager["Transaction"]:
        """Open a transaction; roll back on exit unless committed."""


class Transaction(Access):
    """Runs statements in the open transaction of one connection."""

    is_autocommit = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_over = False

    @override
    async def row(self, statement: Statement, **values: object) -> asyncpg.Record | None:
        arguments = statement.arguments(values)
        call = self._usable().fetchrow(statement.sql, *arguments)
        return await self._run(call, statement.constraint_errors)

    @override
    async def rows(self, statement: Statement, **values: object) -> list[asyncpg.Record]:
        arguments = statement.arguments(values)
        call = self._usable().fetch(statement.sql, *arguments)
        return await self._run(call, statement.constraint_errors)

    @override
    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Transaction"]:
        yield self

    async def commit(self) -> None:
        """Commit the transaction.

        Raises:
            StorageUnavailableError: It is unknown whether the commit succeeded, or it was rolled
                back because a statement had failed.
        """
        connection = self._usable()
        self.close()
        if await self._run(connection.execute("COMMIT")) != "COMMIT":
            raise StorageUnavailableError

    def close(self) -> None:
        """End the access: later statements raise WorkIsOverError, since the transaction is over."""
        self._is_over = True

    def _usable(self) -> Connection:
        if self._is_over:
            raise WorkIsOverError
        return self._connection

    async def _run(
        self, call: Awaitable[T], meanings: ConstraintErrors = NO_CONSTRAINT_ERRORS
    ) -> T:
        try:
            return await call
        except FAILURES as error:
            if is_connection_lost(error):
                self._connection.terminate()
            reraise(error, meanings)


class Autocommit(Access):
    """Runs each statement on any connection of a pool.

    When a connection is lost, the idle connections are discarded, too. A statement that only reads
    is then retried once, on a new connection.
    """

    is_autocommit = True

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @override
    async def row(self, statement: Statement, **values: object) -> asyncpg.Record | None:
        return await self._run(asyncpg.Connection.fetchrow, statement, values)

    @override
    async def rows(self, statement: Statement, **values: object) -> list[asyncpg.Record]:
        return await self._run(asyncpg.Connection.fetch, statement, values)

    @override
    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        connection = await self._pool.acquire()
        transaction = Transaction(connection)
        try:
            await _command(connection, "BEGIN ISOLATION LEVEL READ COMMITTED")
            yield transaction
            await _roll_back(connection)
        except asyncio.CancelledError:
            connection.terminate()
            raise
        except BaseException:
            await _roll_back(connection)
            if connection.is_closed():
                self._pool.discard_idle()
            raise
        finally:
            transaction.close()
            self._pool.release(connection)

    async def _run(self, run: Run[T], statement: Statement, values: dict[str, object]) -> T:
        connection = await self._pool.acquire()
        try:
            result = await run(connection, statement.sql, *statement.arguments(values))
        except FAILURES as error:
            if not is_connection_lost(error):
                self._pool.release(connection)
                reraise(error, statement.constraint_errors)
            self._pool.discard(connection)
            self._pool.discard_idle()
            if not statement.is_read:
                raise StorageUnavailableError from error
        except BaseException:
            self._pool.discard(connection)
            raise
        else:
            self._pool.release(connection)
            return result
        return await self._run_again(run, statement, values)

    async def _run_again(self, run: Run[T], statement: Statement, values: dict[str, object]) -> T:
        await asyncio.sleep(random.uniform(*_RETRY_AFTER))  # noqa: S311 - spreads load only
        connection = await self._pool.acquire()
        try:
            return await run(connection, statement.sql, *statement.arguments(values))
        except FAILURES as error:
            connection.terminate()
            reraise(error, statement.constraint_errors)
        except BaseException:
            connection.terminate()
            raise
        finally:
            self._pool.release(connection)


async def _command(connection: Connection, sql: str) -> None:
    try:
        await connection.execute(sql)
    except FAILURES as error:
        connection.terminate()
        raise StorageUnavailableError from error
    except BaseException:
        connection.terminate()
        raise


async def _roll_back(connection: Connection) -> None:
    if not connection.is_closed() and connection.is_in_transaction():
        await _command(connection, "ROLLBACK")
