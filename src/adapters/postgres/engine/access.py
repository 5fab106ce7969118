"""Running statements: each by itself, or several in one transaction."""

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
    NO_REFUSALS,
    Refusals,
    is_connection_lost,
    reraise,
)
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.unit_of_work import WorkIsOverError

T = TypeVar("T")
Run = Callable[..., Awaitable[T]]

_RETRY_AFTER: Final = (0.05, 0.2)  # s, from and to: not everybody at once


class Access(ABC):
    """How a repository comes to the tables.

    Attributes:
        is_autocommit: Whether each statement is a transaction of its own.
    """

    is_autocommit: ClassVar[bool]

    @abstractmethod
    async def row(self, statement: Statement, **values: object) -> asyncpg.Record | None:
        """Run a statement; give its first row, if it has one.

        Raises:
            LatchkeyError: A constraint with a meaning was broken.
            StorageFaultError: The statement failed, and would fail again.
            StorageUnavailableError: Anything else went wrong.
        """

    @abstractmethod
    async def rows(self, statement: Statement, **values: object) -> list[asyncpg.Record]:
        """Run a statement; give all its rows.

        Raises:
            LatchkeyError: A constraint with a meaning was broken.
            StorageFaultError: The statement failed, and would fail again.
            StorageUnavailableError: Anything else went wrong.
        """

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager["Transaction"]:
        """Be in a transaction; what isn't committed by then is rolled back at its end."""


class Transaction(Access):
    """Runs statements in the one transaction of a connection."""

    is_autocommit = False

    def __init__(self, connection: Connection) -> None:
        """Run them on a connection that is in a transaction."""
        self._connection = connection
        self._is_over = False

    @override
    async def row(self, statement: Statement, **values: object) -> asyncpg.Record | None:
        arguments = statement.arguments(values)
        call = self._usable().fetchrow(statement.sql, *arguments)
        return await self._run(call, statement.refusals)

    @override
    async def rows(self, statement: Statement, **values: object) -> list[asyncpg.Record]:
        arguments = statement.arguments(values)
        call = self._usable().fetch(statement.sql, *arguments)
        return await self._run(call, statement.refusals)

    @override
    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Transaction"]:
        yield self

    async def commit(self) -> None:
        """Make everything last.

        Raises:
            StorageUnavailableError: It isn't known whether it does, or it does not since a
                statement has failed.
        """
        connection = self._usable()
        self.close()
        if await self._run(connection.execute("COMMIT")) != "COMMIT":
            raise StorageUnavailableError

    def close(self) -> None:
        """Run nothing any more: it would be in no transaction, or in somebody else's."""
        self._is_over = True

    def _usable(self) -> Connection:
        if self._is_over:
            raise WorkIsOverError
        return self._connection

    async def _run(self, call: Awaitable[T], refusals: Refusals = NO_REFUSALS) -> T:
        try:
            return await call
        except FAILURES as error:
            if is_connection_lost(error):
                self._connection.terminate()
            reraise(error, refusals)


class Autocommit(Access):
    """Runs each statement on any connection of a pool.

    When a connection is lost, all that are idle are taken for lost, too. A statement that only
    reads is then run once more, on a new one.
    """

    is_autocommit = True

    def __init__(self, pool: Pool) -> None:
        """Run them on a pool."""
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
                reraise(error, statement.refusals)
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
            reraise(error, statement.refusals)
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
