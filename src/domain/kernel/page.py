"""Lists that are read a page at a time, newest first, without ever skipping or repeating a row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in a list ordered by `(created_at, id)`, descending: just after one row.

    Attributes:
        created_at: Aware UTC datetime of the row.
        id: The row's identifier, which breaks ties.
    """

    created_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A run of rows and where to go on.

    Attributes:
        items: At most as many rows as were asked for, newest first.
        next: The position after the last row, or None at the end of the list.
    """

    items: tuple[T, ...]
    next: Position | None
