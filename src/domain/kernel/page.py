"""Pages of lists, newest first. No row is skipped or repeated when rows are added meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A position just after one row of a list that is sorted by `(created_at, id)`, descending.

    Attributes:
        created_at: Aware UTC datetime of the row.
        id: The row's identifier; orders rows with the same `created_at`.
    """

    created_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A part of a list, and the position of the next part.

    Attributes:
        items: At most as many rows as were requested, newest first.
        next: The position after the last row, or None at the end of the list.
    """

    items: tuple[T, ...]
    next: Position | None
