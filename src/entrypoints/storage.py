"""The storage that settings ask for."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgres
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import Settings


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Give the address of the database, and start the embedded one where none is set.

    The embedded server is shared by all processes that ask for it, and stops with the last.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    with EmbeddedPostgres(settings.home) as embedded:
        yield embedded.dsn


def postgres(settings: Settings, dsn: str) -> PostgresStorage:
    """Make the PostgreSQL adapters; opens nothing."""
    config = PostgresConfig(dsn=dsn, pool_size=settings.pool_size)
    return PostgresStorage(config)


@asynccontextmanager
async def operating(settings: Settings, dsn: str) -> AsyncIterator[Container]:
    """Open the use cases for an operator's command.

    Raises:
        StorageUnavailableError: The database does not answer.
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
