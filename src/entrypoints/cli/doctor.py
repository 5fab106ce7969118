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
    """Check the settings and the database.

    Prints one line for each check: `ok`, `error` with what to do, or `warning` for settings that
    are allowed but rarely intended. The exit status is 1 if there is an error. Changes nothing.
    """
    settings, environ = load()
    _report(fault=None, fine=f"settings: {settings.environment}")
    for caution in cautions_of(settings, environ):
        click.echo(f"{click.style('warning', fg='yellow')} {caution}")
    with database(settings) as dsn:
        faults = asyncio.run(_examine(settings, dsn))
    sys.exit(1 if faults else 0)


async def _examine(settings: Settings, dsn: str) -> int:
    faults = 0
    async for fault, fine in _findings(settings, dsn):
        _report(fault, fine)
        faults += fault is not None
    return faults


async def _findings(settings: Settings, dsn: str) -> AsyncIterator[tuple[str | None, str]]:
    try:
        async with operating(settings, dsn) as container:
            yield None, "database: a primary responds"
            is_current = await is_migrated(dsn)
            yield (
                None if is_current else "schema: not that of this release; run `latchkey migrate`",
                "schema: up to date",
            )
            if is_current:
                page = await container.storage().users.page(after=None, limit=1)
                yield (
                    None if page.items else "users: none; run `latchkey create-admin`",
                    "users: at least one",
                )
    except StorageUnavailableError:
        yield "database: no primary responds; check DATABASE_URL and the server", ""


def _report(fault: str | None, fine: str) -> None:
    if fault is None:
        click.echo(f"{click.style('ok     ', fg='green')} {fine}")
    else:
        click.echo(f"{click.style('error  ', fg='red')} {fault}")
