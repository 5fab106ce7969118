"""Builds the storage that the settings describe."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Final

from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgres
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import Settings

_COMMAND_PATIENCE: Final = timedelta(seconds=20)
_COMMAND_CONNECTIONS: Final = 2  # a command does one thing at a time; the clock has its own


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


def has_embedded_data(settings: Settings) -> bool:
    """Return whether an embedded server was started there before, or nobody can tell."""
    try:
        return EmbeddedPostgres(settings.home).has_data
    except OSError:
        return True  # to start it says what is wrong


def postgres(settings: Settings, dsn: str) -> PostgresStorage:
    """Build the PostgreSQL storage; opens no connection."""
    config = PostgresConfig(dsn=dsn, pool_size=settings.database.pool_size)
    return PostgresStorage(config)


@asynccontextmanager
async def operating(settings: Settings, dsn: str) -> AsyncIterator[Container]:
    """Provide the use cases for an operator's command, on an open storage.

    A command waits for locks longer than a request does. So an operator can disable a user even if
    requests of that user keep their row busy. It opens few connections, so that it stays within the
    server's limit.

    Raises:
        StorageUnavailableError: The database does not respond.
    """
    config = PostgresConfig(
        dsn=dsn,
        pool_size=_COMMAND_CONNECTIONS,
        acquire_timeout=_COMMAND_PATIENCE,
        statement_timeout=_COMMAND_PATIENCE,
    )
    storage = PostgresStorage(config)
    container = Container(settings=settings, storage=storage)
    await storage.open()
    try:
        await storage.ping()
        yield container
    finally:
        container.hasher().close()
        await storage.close()
