"""One table in memory: rows by key, or the changes to another table's rows."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key")
Row = TypeVar("Row")


class Table(Generic[Key, Row]):
    """Rows by key. A fork reads through to its origin and keeps what it changes to itself."""

    def __init__(self, origin: "Table[Key, Row] | None" = None) -> None:
        """Begin with nothing, or with what another table has."""
        self._origin = origin
        self._changed: dict[Key, Row | None] = {}  # None stands for a row that was deleted

    def fork(self) -> "Table[Key, Row]":
        """Begin changes that may come to nothing."""
        return Table(self)

    def get(self, key: Key) -> Row | None:
        """Give the row of a key, or None."""
        if key in self._changed or self._origin is None:
            return self._changed.get(key)
        return self._origin.get(key)

    def put(self, key: Key, row: Row | None) -> None:
        """Keep a row in the place of what was there, if anything was; None deletes that."""
        self._changed[key] = row

    def items(self) -> Iterator[tuple[Key, Row]]:
        """Give all keys with their rows, in no order; nothing may be changed meanwhile."""
        yield from ((key, row) for key, row in self._changed.items() if row is not None)
        if self._origin is not None:
            yield from (item for item in self._origin.items() if item[0] not in self._changed)

    def rows(self) -> Iterator[Row]:
        """Give all rows, in no order; nothing may be changed meanwhile."""
        return (row for _, row in self.items())

    def merge(self) -> None:
        """Hand the changes of a fork on to its origin, and begin anew."""
        if self._origin is None:
            return
        for key, row in self._changed.items():
            self._origin.put(key, row)
        self._changed.clear()
