"""Pages of rows in memory."""

from collections.abc import Iterable
from datetime import datetime
from heapq import nlargest
from typing import Protocol, TypeVar
from uuid import UUID

from latchkey.domain.kernel.page import Page, Position


class Listed(Protocol):
    """What the position in a list is made of; every row of a paged list has it."""

    @property
    def id(self) -> UUID:
        """Orders rows with the same `created_at`."""

    @property
    def created_at(self) -> datetime:
        """The first key of the order, aware UTC datetime."""


Row = TypeVar("Row", bound=Listed)


def page(rows: Iterable[Row], *, after: Position | None, limit: int) -> Page[Row]:
    """Return a page of rows by `(created_at, id)`, descending.

    Args:
        rows: All rows of the list, in any order.
        after: The end of the previous page, or None for the first page.
        limit: The maximum number of rows, >= 1.
    """
    left = (row for row in rows if after is None or _place(row) < (after.created_at, after.id))
    found = nlargest(limit + 1, left, key=_place)
    items = tuple(found[:limit])
    if len(found) == len(items):
        return Page(items=items, next=None)
    return Page(items=items, next=Position(created_at=items[-1].created_at, id=items[-1].id))


def _place(row: Listed) -> tuple[datetime, UUID]:
    return row.created_at, row.id
