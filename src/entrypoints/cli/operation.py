"""Runs use cases for commands."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from latchkey.adapters.postgres.inspection import Inspection, inspect
from latchkey.adapters.postgres.revisions import SchemaState
from latchkey.domain.accounts.user import User
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError
from latchkey.entrypoints import storage
from latchkey.entrypoints.cli.environment import fail, load, report
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import Settings
from latchkey.entrypoints.storage import operating

T = TypeVar("T")


@contextmanager
def database(settings: Settings, *, tell: Callable[[str], None] = report) -> Iterator[str]:
    """Provide the connection string of the database. Start the embedded server if none is set.

    Args:
        settings: Where the database is.
        tell: Told what takes its time.
    """
    if settings.database.url is None:
        is_there = storage.has_embedded_data(settings)
        first = "" if is_there else " for the first time, which takes some seconds"
        tell(f"Starting PostgreSQL in {settings.home}{first}")
    with storage.database(settings) as dsn:
        yield dsn


def operate(work: Callable[[Container], Awaitable[T]], *, migrates: bool = False) -> T:
    """Run work with the use cases. End the command if the schema is not that of this release.

    Args:
        work: Gets the container of the use cases.
        migrates: Whether to migrate the schema first.

    Raises:
        LatchkeyError: The work failed. The command line reports it.
    """

    async def run(dsn: str) -> T:
        async with operating(settings, dsn) as container:
            return await work(container)

    settings, _ = load()
    with database(settings) as dsn:
        if migrates:
            asyncio.run(bring_up_to_date(dsn))
        try:
            return asyncio.run(run(dsn))
        except (StorageUnavailableError, StorageFaultError):
            _fail_if_unusable(asyncio.run(inspect(dsn)))
            raise


async def bring_up_to_date(dsn: str) -> None:
    """Migrate the schema if it is not that of this release.

    Raises:
        MigrationError: The database rejected a migration, cannot be used, or has a newer schema.
        StorageUnavailableError: The database did not respond.
    """
    if (await inspect(dsn)).schema is not SchemaState.CURRENT:
        from latchkey.adapters.postgres.migrations import migrate  # noqa: PLC0415 - takes its time

        await migrate(dsn)


def _fail_if_unusable(inspection: Inspection) -> None:
    if inspection.faults:
        fail(*inspection.faults)
    if inspection.schema and not inspection.schema.is_usable:
        fail("The database's schema is not that of this release: run `latchkey migrate`.")


async def known_user(container: Container, email: str) -> User:
    """Return the user with an e-mail address, or end the command with an error."""
    address = container.addresses().parse(email)
    user: User | None = await container.storage().users.by_email(address)
    if user is None:
        fail(f"No user has the e-mail address {email}.")
    return user
