"""The commands `latchkey migrate` and `latchkey prune`."""

import asyncio

import click

from latchkey.adapters.postgres import migrations
from latchkey.application.sessions.prune import Pruned
from latchkey.entrypoints.cli.environment import load, report
from latchkey.entrypoints.cli.operation import database, operate
from latchkey.entrypoints.container import Container


@click.command()
def migrate() -> None:
    """Migrate the database's schema to this release.

    Run it as the owner of the database, before the first start and with each new release. It can
    be repeated, and can run while the service runs: concurrent runs wait for each other. A
    failed migration leaves the schema unchanged.
    """
    settings, _ = load()
    with database(settings) as dsn:
        report("Migrating the schema")
        asyncio.run(migrations.migrate(dsn))
    click.secho("The schema is up to date.", fg="green")


@click.command()
def prune() -> None:
    """Delete old sessions, counts, mails and devices.

    Sessions are deleted SESSION_RETENTION after their absolute expiry, counts when they no longer
    limit anything, mails that could not be sent MAIL_RETENTION after they were written, and
    remembered devices when they have expired. The service does this by itself about once an hour.
    Only one process prunes at a time.
    """

    async def work(container: Container) -> Pruned:
        pruned: Pruned = await container.prune()(_report_counts)
        return pruned

    pruned = operate(work)
    _report_counts(pruned, is_over=True)
    click.echo(
        f"Deleted {pruned.sessions} sessions, {pruned.attempts} counts of attempts,"
        f" {pruned.mails} mails, {pruned.links} links and {pruned.devices} remembered devices."
    )


def _report_counts(pruned: Pruned, *, is_over: bool = False) -> None:
    counts = (
        f"{pruned.sessions} sessions, {pruned.attempts} counts of attempts, {pruned.mails} mails,"
        f" {pruned.links} links, {pruned.devices} remembered devices"
    )
    report(counts, is_over=is_over)
