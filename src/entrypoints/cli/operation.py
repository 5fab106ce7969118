"""What commands do with the use cases."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from domain.user import EmailAddress, User
from entrypoints.cli.environment import fail, load
from entrypoints.container import Container
from entrypoints.storage import database, operating

T = TypeVar("T")


def operate(work: Callable[[Container], Awaitable[T]]) -> T:
    """Do a piece of work with the use cases.

    Raises:
        LatchkeyError: It was refused; the command line shows why.
    """

    async def run(dsn: str) -> T:
        async with operating(settings, dsn) as container:
            return await work(container)

    settings, _ = load()
    with database(settings) as dsn:
        return asyncio.run(run(dsn))


async def known_user(container: Container, email: str) -> User:
    """Find a user, or end the command with a line."""
    user: User | None = await container.users().by_email(EmailAddress.parse(email))
    if user is None:
        fail(f"There is no user {email}.")
    return user
