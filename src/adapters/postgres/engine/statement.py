"""Statements: made from the tables when a module is imported, plain SQL from then on."""

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

from latchkey.adapters.postgres.engine.errors import NO_REFUSALS, Refusals

_DIALECT: Final[Dialect] = dialect()  # type: ignore[no-untyped-call] # it has no types

_SETTING: Final[ColumnElement[str]] = literal_column("'synchronous_commit'")
_OFF: Final[ColumnElement[str]] = literal_column("'off'")

COMMIT_LATER: Final = func.set_config(_SETTING, _OFF, true())
"""In the columns that a statement gives: it answers before what it changed is on disk.

Holds to the end of the transaction, so it belongs only in a statement that is one by itself.
"""


def commit_later_if(condition: ColumnElement[bool]) -> ColumnElement[str]:
    """Make a `COMMIT_LATER` that leaves the setting as it is where a condition doesn't hold."""
    chosen = case((condition, _OFF), else_=func.current_setting(_SETTING))
    return func.set_config(_SETTING, chosen, true())


_PRUNING: Final[ColumnElement[int]] = literal_column("7020395372")  # nobody else locks it

PRUNES_ALONE: Final = select(func.pg_try_advisory_xact_lock(_PRUNING)).scalar_subquery()
"""A condition that holds unless another transaction prunes; asked once a statement, never waits.

Holds to the end of the transaction, so that it works behind a pooler of transactions, too.
"""


class Statement:
    """SQL with numbered parameters, and which value goes where.

    Attributes:
        sql: What the server is sent: always the same text, so that it is prepared only once.
        is_read: Whether it changes nothing, so that it may be sent again when it failed.
        refusals: The domain errors that violations of constraints mean.
    """

    __slots__ = ("_names", "is_read", "refusals", "sql")

    def __init__(
        self, source: ClauseElement, *, is_read: bool = False, refusals: Refusals = NO_REFUSALS
    ) -> None:
        """Compile a statement whose values are all named parameters."""
        compiled = source.compile(dialect=_DIALECT)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - for the type checker alone
        self.sql = compiled.string
        self.is_read = is_read
        self.refusals = refusals
        self._names = tuple(compiled.positiontup or ())

    def arguments(self, values: dict[str, object]) -> list[object]:
        """Put named values into the order of the numbered parameters."""
        return [values[name] for name in self._names]


def insert_many(table: Table) -> Insert:
    """Insert any number of rows at once; each parameter is an array, named as its column."""
    columns = list(table.columns)
    rows = select(*(func.unnest(_array(column)) for column in columns))
    return insert(table).from_select(columns, rows)


def _array(column: Column[Any]) -> BindParameter[Any]:
    return bindparam(column.name, type_=ARRAY(column.type))
