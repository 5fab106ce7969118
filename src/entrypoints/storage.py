"""Builds the storage that the settings describe."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgres
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import Settings


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Provide the connection string of the database. Start an embedded server if none is set.

    All processes with the same home directory share the embedded server. It stops with the last.
    """
    if settings.database.url is not None:
        yield settings.database.url
        return
    with EmbeddedPostgres(settings.home) as embedded:
        yield embedded.dsn


def postgres(settings: Settings, dsn: str) -> PostgresStorage:
    """Build the PostgreSQL storage; opens no connection."""
    config = PostgresConfig(dsn=dsn, pool_size=settings.database.pool_size)
    return PostgresStorage(config)


@asynccontextmanager
async def operating(settings: Settings, dsn: str) -> AsyncIterator[Container]:
    """Provide the use cases for an operator's command, on an open storage.

    Raises:
        StorageUnavailableError: The database does not respond.
    """
    storage = postgres(settings, dsn)
    container = Container(settings=settings, storage=storage)
    await storage.open()
    try:
        await storage.ping()
        yield container
    finally:
        container.hasher().close()
        await storage.close()
