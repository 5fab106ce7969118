"""`latchkey migrate` and `latchkey prune`."""

import asyncio

import click

from adapters.postgres import migrations
from application.prune import Pruned
from entrypoints.cli.environment import load
from entrypoints.cli.operation import operate
from entrypoints.container import Container
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


@click.command()
def prune() -> None:
    """Delete sessions that are long over, and counts of login attempts that say nothing.

    The service does it by itself about once an hour.
    """

    async def work(container: Container) -> Pruned:
        pruned: Pruned = await container.prune()()
        return pruned

    pruned = operate(work)
    click.echo(f"Deleted {pruned.sessions} sessions and {pruned.attempts} counts of attempts.")
