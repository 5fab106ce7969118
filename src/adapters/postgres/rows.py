"""Rows of the database as values of the domain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import Column, ColumnElement, Select, bindparam, tuple_

from adapters.postgres.tables import users
from domain.page import Page, Position
from domain.user import EmailAddress, Role, User

USER: Final[Sequence[ColumnElement[Any]]] = (
    users.c.id.label("user_id"),
    users.c.email,
    users.c.email_canonical,
    users.c.name,
    users.c.role,
    users.c.created_at.label("user_created_at"),
    users.c.disabled_at,
)
"""What `user_of` reads: no column by the name of another table's."""


class Listed(Protocol):
    """Something that has its place in a list."""

    @property
    def id(self) -> UUID:
        """What breaks ties."""

    @property
    def created_at(self) -> datetime:
        """What the list is ordered by."""


Item = TypeVar("Item", bound=Listed)


def user_of(row: asyncpg.Record) -> User:
    """Read the user in a row with the columns `USER`."""
    return User(
        id=row["user_id"],
        email=EmailAddress(row["email"], row["email_canonical"]),
        name=row["name"],
        role=Role(row["role"]),
        created_at=row["user_created_at"],
        disabled_at=row["disabled_at"],
    )


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
