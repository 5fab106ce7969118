"""`latchkey doctor`."""

import asyncio
import sys
from collections.abc import AsyncIterator

import click

from latchkey.adapters.postgres.migrations import is_migrated
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.entrypoints.cli.environment import load
from latchkey.entrypoints.cli.operation import database
from latchkey.entrypoints.settings import Settings, cautions_of
from latchkey.entrypoints.storage import operating


@click.command()
def doctor() -> None:
    """Check settings and database; say how to fix each error.

    Prints a line for each finding: `ok`, `error` with what to do about it, or `warning` for what
    is allowed but rarely intended. The exit status is 0 without an error, 1 otherwise. Changes
    nothing.
    """
    settings, environ = load()
    _tell(fault=None, fine=f"settings: {settings.environment}")
    for caution in cautions_of(settings, environ):
        click.echo(f"{click.style('warning', fg='yellow')} {caution}")
    with database(settings) as dsn:
        faults = asyncio.run(_examine(settings, dsn))
    sys.exit(1 if faults else 0)


async def _examine(settings: Settings, dsn: str) -> int:
    faults = 0
    async for fault, fine in _findings(settings, dsn):
        _tell(fault, fine)
        faults += fault is not None
    return faults


async def _findings(settings: Settings, dsn: str) -> AsyncIterator[tuple[str | None, str]]:
    try:
        async with operating(settings, dsn) as container:
            yield None, "database: a primary answers"
            is_current = await is_migrated(dsn)
            yield (
                None if is_current else "schema: is old; run `latchkey migrate`",
                "schema: current",
            )
            if is_current:
                page = await container.storage().users.page(after=None, limit=1)
                yield (
                    None if page.items else "users: none; run `latchkey create-admin`",
                    "users: there are some",
                )
    except StorageUnavailableError:
        yield "database: no primary answers; look at DATABASE_URL and at the server", ""


def _tell(fault: str | None, fine: str) -> None:
    if fault is None:
        click.echo(f"{click.style('ok     ', fg='green')} {fine}")
    else:
        click.echo(f"{click.style('error  ', fg='red')} {fault}")
