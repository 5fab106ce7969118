"""Units of work that are not all or nothing, or not apart."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from typing import Any

from latchkey.adapters.memory.audit.log import MemoryAuditLog
from latchkey.adapters.memory.tables import CommittedTables, ForkAccess
from latchkey.adapters.memory.unit_of_work import MemoryUnitOfWork, MemoryUnitsOfWork
from latchkey.testing.ports import UnitOfWorkSuite, UserRepositorySuite
from unit.testing.broken.fault import Fault


class _AutocommitUnit(MemoryUnitOfWork):
    async def commit(self) -> None:  # type: ignore[explicit-override]
        """Have committed each change already."""


def _begun(*, merges: Callable[[BaseException | None, bool], bool]) -> Callable[..., Any]:
    """Begin units that are merged at their end under a condition, and stay open if they are."""

    @asynccontextmanager
    async def begin(self: Any) -> AsyncIterator[Any]:
        async with self._committed.fork() as tables:
            access, error = ForkAccess(tables), None
            try:
                yield MemoryUnitOfWork(access)
            except BaseException as raised:
                error = raised
                raise
            finally:
                if merges(error, access._is_over):  # noqa: SLF001
                    tables.merge()
                access.close()

    return begin


@asynccontextmanager
async def _autocommitting(self: Any) -> AsyncIterator[Any]:
    yield _AutocommitUnit(self._committed)


@asynccontextmanager
async def _not_apart(self: Any) -> AsyncIterator[Any]:
    access = ForkAccess(self._committed._committed.fork())  # noqa: SLF001
    try:
        yield MemoryUnitOfWork(access)
    finally:
        access.close()


@asynccontextmanager
async def _with_a_log_apart(self: Any) -> AsyncIterator[Any]:
    """Append to the log outside of the transaction."""
    async with self._committed.fork() as tables:
        access = ForkAccess(tables)
        unit = MemoryUnitOfWork(access)
        unit.audit = MemoryAuditLog(ForkAccess(self._committed._committed))  # noqa: SLF001
        try:
            yield unit
        finally:
            access.close()


async def _read_the_origin(self: Any) -> Any:
    tables = self._usable()
    return replace(
        tables,
        **{each.name: getattr(tables, each.name)._origin for each in fields(tables)},  # noqa: SLF001
    )


def _usable(self: Any) -> Any:
    return self._tables


@asynccontextmanager
async def _fork_without_turns(self: Any) -> AsyncIterator[Any]:
    yield self._committed.fork()


def faults() -> Iterator[Fault]:
    """Break units of work."""

    def broken(name: str, owner: type, **methods: Callable[..., Any]) -> Fault:
        return Fault.of(f"Units{name}", UnitOfWorkSuite, owner, **methods)

    units = MemoryUnitsOfWork
    yield broken("CommitEachChange", units, begin=_autocommitting)
    yield broken("CommitAtTheirEnd", units, begin=_begun(merges=lambda error, _: error is None))
    yield broken("CommitInSpiteOfErrors", units, begin=_begun(merges=lambda _error, _over: True))
    yield broken("NeverCommit", ForkAccess, commit=ForkAccess.close)
    yield broken("AreNotApart", units, begin=_not_apart)
    yield broken("DoNotTakeTurns", CommittedTables, fork=_fork_without_turns)
    yield broken("AppendOutside", units, begin=_with_a_log_apart)
    yield broken("SeeOnlyWhatWasCommitted", ForkAccess, read=_read_the_origin)
    yield broken("NeverEnd", ForkAccess, _usable=_usable)
    for test in ("locked", "waits"):
        name = f"LocksLetOthersIn{test.title()}"
        without_turns = {"fork": _fork_without_turns}
        yield Fault.of(name, UserRepositorySuite, CommittedTables, test, **without_turns)
