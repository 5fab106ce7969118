"""One table in memory: rows by key, or changes to the rows of another table."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key")
Row = TypeVar("Row")


class Table(Generic[Key, Row]):
    """Rows by key. A fork also reads its origin; the origin does not see changes to the fork."""

    def __init__(self, origin: "Table[Key, Row] | None" = None) -> None:
        self._origin = origin
        self._changed: dict[Key, Row | None] = {}  # None marks a deleted row

    def fork(self) -> "Table[Key, Row]":
        """Return a table that reads this one and collects changes to it."""
        return Table(self)

    def get(self, key: Key) -> Row | None:
        """Return the row of a key, or None."""
        if key in self._changed or self._origin is None:
            return self._changed.get(key)
        return self._origin.get(key)

    def put(self, key: Key, row: Row | None) -> None:
        """Set or replace the row of a key; None deletes it."""
        self._changed[key] = row

    def items(self) -> Iterator[tuple[Key, Row]]:
        """Iterate over keys and rows, in no order. The table must not change meanwhile."""
        yield from ((key, row) for key, row in self._changed.items() if row is not None)
        if self._origin is not None:
            yield from (item for item in self._origin.items() if item[0] not in self._changed)

    def rows(self) -> Iterator[Row]:
        """Iterate over rows, in no order. The table must not change meanwhile."""
        return (row for _, row in self.items())

    def merge(self) -> None:
        """Move the changes of a fork to its origin."""
        if self._origin is None:
            return
        for key, row in self._changed.items():
            self._origin.put(key, row)
        self._changed.clear()
