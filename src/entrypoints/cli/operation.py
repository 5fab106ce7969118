"""What commands do with the use cases."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from latchkey.adapters.postgres.inspection import Inspection, inspect
from latchkey.adapters.postgres.migrations import migrate
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import User
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError
from latchkey.entrypoints import storage
from latchkey.entrypoints.cli.environment import fail, load, tell
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import Settings
from latchkey.entrypoints.storage import operating

T = TypeVar("T")


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Give the address of the database; say that the embedded one starts, which takes a while."""
    if settings.database.url is None:
        tell(f"Starting PostgreSQL in {settings.home}")
    with storage.database(settings) as dsn:
        yield dsn


def operate(work: Callable[[Container], Awaitable[T]], *, migrates: bool = False) -> T:
    """Do a piece of work with the use cases; end the command where the schema isn't theirs.

    Args:
        work: What to do.
        migrates: Whether to bring the schema up to date before.

    Raises:
        LatchkeyError: It was refused; the command line shows why.
    """

    async def run(dsn: str) -> T:
        async with operating(settings, dsn) as container:
            return await work(container)

    settings, _ = load()
    with database(settings) as dsn:
        if migrates:
            asyncio.run(migrate(dsn))
        try:
            return asyncio.run(run(dsn))
        except (StorageUnavailableError, StorageFaultError):
            _fail_if_unusable(asyncio.run(inspect(dsn)))
            raise


def _fail_if_unusable(inspection: Inspection) -> None:
    if inspection.faults:
        fail(*inspection.faults)
    if inspection.schema and not inspection.schema.is_usable:
        fail("The database's schema is not that of this release: run `latchkey migrate`.")


async def known_user(container: Container, email: str) -> User:
    """Find a user, or end the command with a line."""
    user: User | None = await container.storage().users.by_email(EmailAddress.parse(email))
    if user is None:
        fail(f"There is no user {email}.")
    return user
