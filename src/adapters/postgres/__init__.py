"""All storage ports kept in PostgreSQL 15 or newer."""

from adapters.postgres.adapters import PostgresAdapters
from adapters.postgres.config import PostgresConfig

__all__ = ["PostgresAdapters", "PostgresConfig"]
