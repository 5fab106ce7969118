"""All storage ports in PostgreSQL 15 or newer."""

from latchkey.adapters.postgres.engine.config import PostgresConfig
from latchkey.adapters.postgres.storage import PostgresStorage

__all__ = ["PostgresConfig", "PostgresStorage"]
