"""Statements: compiled from the tables to SQL when a module is imported."""

from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Column,
    ColumnElement,
    Dialect,
    Insert,
    Table,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from latchkey.adapters.postgres.engine.errors import NO_CONSTRAINT_ERRORS, ConstraintErrors

_DIALECT: Final[Dialect] = dialect()  # type: ignore[no-untyped-call] # it has no types

_SETTING: Final[ColumnElement[str]] = literal_column("'synchronous_commit'")
_OFF: Final[ColumnElement[str]] = literal_column("'off'")

COMMIT_LATER: Final = func.set_config(_SETTING, _OFF, true())
"""A column to select, so that a statement returns before its change is on disk.

Lasts until the end of the transaction, so use it only in a statement that is its own transaction.
"""


def commit_later_if(condition: ColumnElement[bool]) -> ColumnElement[str]:
    """Return a column like `COMMIT_LATER` that takes effect only if a condition holds."""
    chosen = case((condition, _OFF), else_=func.current_setting(_SETTING))
    return func.set_config(_SETTING, chosen, true())


_PRUNING: Final[ColumnElement[int]] = literal_column("7020395372")  # used for nothing else

PRUNES_ALONE: Final = select(func.pg_try_advisory_xact_lock(_PRUNING)).scalar_subquery()
"""A condition that holds unless another transaction prunes. Evaluated once; never waits.

The lock lasts until the end of the transaction, so it works with a transaction pooler, too.
"""


class Statement:
    """SQL with numbered parameters, compiled from a statement with named ones.

    Attributes:
        sql: The text for the server. It never varies, so each connection prepares it only once.
        is_read: Whether it only reads, so that it may be retried after a failure.
        constraint_errors: The domain error for a violation of each constraint.
    """

    __slots__ = ("_names", "constraint_errors", "is_read", "sql")

    def __init__(
        self,
        source: ClauseElement,
        *,
        is_read: bool = False,
        constraint_errors: ConstraintErrors = NO_CONSTRAINT_ERRORS,
    ) -> None:
        compiled = source.compile(dialect=_DIALECT)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - for the type checker only
        self.sql = compiled.string
        self.is_read = is_read
        self.constraint_errors = constraint_errors
        self._names = tuple(compiled.positiontup or ())

    def arguments(self, values: dict[str, object]) -> list[object]:
        """Return named values in the order of the numbered parameters."""
        return [values[name] for name in self._names]


def insert_many(table: Table) -> Insert:
    """Return an INSERT of many rows; each parameter is an array, named like its column."""
    columns = list(table.columns)
    rows = select(*(func.unnest(_array(column)) for column in columns))
    return insert(table).from_select(columns, rows)


def _array(column: Column[Any]) -> BindParameter[Any]:
    return bindparam(column.name, type_=ARRAY(column.type))
