"""Statements and results for pages of lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Column, Select, bindparam, tuple_

from latchkey.domain.kernel.page import Page, Position


class Listed(Protocol):
    """What the position in a list is made of; every item of a paged list has it."""

    @property
    def id(self) -> UUID:
        """Orders items with the same `created_at`."""

    @property
    def created_at(self) -> datetime:
        """The first key of the order, aware UTC datetime."""


Item = TypeVar("Item", bound=Listed)


def first_page(rows: Select[Any], created_at: Column[Any], id_: Column[Any]) -> Select[Any]:
    """Select the first rows, newest first. Their number is the parameter `limit`."""
    return rows.order_by(created_at.desc(), id_.desc()).limit(bindparam("limit"))


def next_page(rows: Select[Any], created_at: Column[Any], id_: Column[Any]) -> Select[Any]:
    """Select the rows after the position in the parameters `after_at` and `after_id`."""
    place = tuple_(
        bindparam("after_at", type_=created_at.type), bindparam("after_id", type_=id_.type)
    )
    return first_page(rows.where(tuple_(created_at, id_) < place), created_at, id_)


def page_of(items: Sequence[Item], limit: int) -> Page[Item]:
    """Return a page of at most `limit` items; one item more shows that a next page exists."""
    if len(items) <= limit:
        return Page(items=tuple(items), next=None)
    last = items[limit - 1]
    return Page(items=tuple(items[:limit]), next=Position(created_at=last.created_at, id=last.id))
