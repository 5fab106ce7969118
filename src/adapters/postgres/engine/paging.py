"""Lists that are read a page at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Column, Select, bindparam, tuple_

from latchkey.domain.kernel.page import Page, Position


class Listed(Protocol):
    """Something that has its place in a list."""

    @property
    def id(self) -> UUID:
        """What breaks ties."""

    @property
    def created_at(self) -> datetime:
        """What the list is ordered by."""


Item = TypeVar("Item", bound=Listed)


def first_page(rows: Select[Any], created_at: Column[Any], id_: Column[Any]) -> Select[Any]:
    """Begin a list, newest first; its length is the parameter `limit`."""
    return rows.order_by(created_at.desc(), id_.desc()).limit(bindparam("limit"))


def next_page(rows: Select[Any], created_at: Column[Any], id_: Column[Any]) -> Select[Any]:
    """Go on with a list after the place that the parameters `after_at` and `after_id` name."""
    place = tuple_(
        bindparam("after_at", type_=created_at.type), bindparam("after_id", type_=id_.type)
    )
    return first_page(rows.where(tuple_(created_at, id_) < place), created_at, id_)


def page_of(items: Sequence[Item], limit: int) -> Page[Item]:
    """Make a page of one item more than its limit, if there are so many."""
    if len(items) <= limit:
        return Page(items=tuple(items), next=None)
    last = items[limit - 1]
    return Page(items=tuple(items[:limit]), next=Position(created_at=last.created_at, id=last.id))
