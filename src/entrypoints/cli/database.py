"""`latchkey migrate` and `latchkey prune`."""

import asyncio

import click

from latchkey.adapters.postgres import migrations
from latchkey.application.sessions.prune import Pruned
from latchkey.entrypoints.cli.environment import load, tell
from latchkey.entrypoints.cli.operation import database, operate
from latchkey.entrypoints.container import Container


@click.command()
def migrate() -> None:
    """Bring the database's schema up to date.

    As the owner of the database, before the first start and with each new release. Safe to
    repeat, and safe while the service runs: of several at once one does the work. What fails
    leaves the schema as it was.
    """
    settings, _ = load()
    with database(settings) as dsn:
        tell("Bringing the schema up to date")
        asyncio.run(migrations.migrate(dsn))
    click.secho("The schema is up to date.", fg="green")


@click.command()
def prune() -> None:
    """Delete what nobody can ask for any more.

    These are sessions that are long over (SESSION_RETENTION), and counts of attempts that have
    expired. The service does it by itself about once an hour; while it does, there is nothing
    left for this command.
    """

    async def work(container: Container) -> Pruned:
        pruned: Pruned = await container.prune()(_tell_count)
        return pruned

    pruned = operate(work)
    _tell_count(pruned, is_over=True)
    click.echo(f"Deleted {pruned.sessions} sessions and {pruned.attempts} counts of attempts.")


def _tell_count(pruned: Pruned, *, is_over: bool = False) -> None:
    tell(f"{pruned.sessions} sessions, {pruned.attempts} counts of attempts", is_over=is_over)
