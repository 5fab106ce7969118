"""The storage that settings ask for."""

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
    """Give the address of the database, and start the embedded one where none is set.

    The embedded server is shared by all processes that ask for it, and stops with the last.
    """
    if settings.database.url is not None:
        yield settings.database.url
        return
    with EmbeddedPostgres(settings.home) as embedded:
        yield embedded.dsn


def postgres(settings: Settings, dsn: str) -> PostgresStorage:
    """Make the PostgreSQL adapters; opens nothing."""
    config = PostgresConfig(dsn=dsn, pool_size=settings.database.pool_size)
    return PostgresStorage(config, limits=settings.throttling.login_limits)


@asynccontextmanager
async def operating(settings: Settings, dsn: str) -> AsyncIterator[Container]:
    """Open the use cases for an operator's command.

    A command waits longer than a request for locks, so that an operator can disable a user who
    keeps the user's row busy, and opens few connections, so that it finds room.

    Raises:
        StorageUnavailableError: The database does not answer.
    """
    config = PostgresConfig(
        dsn=dsn,
        pool_size=_COMMAND_CONNECTIONS,
        acquire_timeout=_COMMAND_PATIENCE,
        statement_timeout=_COMMAND_PATIENCE,
    )
    storage = PostgresStorage(config, limits=settings.throttling.login_limits)
    container = Container(settings=settings, storage=storage)
    await storage.open()
    try:
        await storage.ping()
        yield container
    finally:
        container.hasher().close()
        await storage.close()
