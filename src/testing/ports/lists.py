"""Helpers for the suites of lists that are read page by page."""

from collections.abc import Awaitable, Callable
from operator import attrgetter
from typing import Final, TypeVar
from uuid import UUID

from latchkey.domain.kernel.page import Page, Position
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import MICROSECOND, SECOND

Row = TypeVar("Row")

# Three rows share an instant, some are as near as instants can be, and one is on the whole second,
# where a text without fractions can be in the wrong place.
INSTANTS: Final = (
    START + SECOND,
    START,
    START + MICROSECOND,
    START + SECOND,
    START - MICROSECOND,
    START.replace(microsecond=0),
    START + SECOND,
    START - SECOND,
)
LIMITS: Final = [1, 2, 3, 7, 8, 100]
BETWEEN: Final = Position(created_at=START + SECOND // 2, id=UUID(int=0))
BY_PLACE: Final = attrgetter("created_at", "id")


async def read_all(read: Callable[[Position | None], Awaitable[Page[Row]]]) -> list[Page[Row]]:
    """Read all pages of a list."""
    pages = [await read(None)]
    while pages[-1].next is not None:
        assert len(pages) < 100, "the pages never come to an end"
        pages.append(await read(pages[-1].next))
    return pages


def rows_of(pages: list[Page[Row]]) -> tuple[Row, ...]:
    """Join the rows of pages."""
    return tuple(row for page in pages for row in page.items)
