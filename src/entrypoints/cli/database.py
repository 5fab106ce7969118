"""`latchkey migrate`."""

import asyncio

import click

from adapters.postgres import migrations
from entrypoints.cli.environment import load
from entrypoints.storage import database


@click.command()
def migrate() -> None:
    """Bring the database's schema up to date.

    Safe to repeat, and safe while the service runs: of several at once one does the work.
    """
    settings, _ = load()
    with database(settings) as dsn:
        click.echo("Bringing the schema up to date ...")
        asyncio.run(migrations.migrate(dsn))
    click.secho("The schema is up to date.", fg="green")
