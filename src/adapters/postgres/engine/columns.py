"""The metadata of all tables, and the types of their columns."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Column, DateTime, MetaData, Text, Uuid

ROOM_FOR_UPDATES: Final = {"fillfactor": "90", "autovacuum_vacuum_scale_factor": "0.02"}


metadata: Final = MetaData()
"""Contains all tables once `adapters.postgres.schema` is imported."""


def identifier_column(name: str, *, nullable: bool = False) -> Column[Any]:
    """Declare a column of UUIDs."""
    return Column(name, Uuid(), nullable=nullable)


def instant_column(name: str, *, nullable: bool = False) -> Column[Any]:
    """Declare a column of instants: `timestamptz`, read as aware UTC datetime."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def text_column(name: str, *, nullable: bool = False) -> Column[Any]:
    """Declare a column of text of any length."""
    return Column(name, Text(), nullable=nullable)


def is_one_of(column: str, values: Iterable[str]) -> str:
    """Return the SQL condition that a column has one of these values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
