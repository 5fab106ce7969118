"""The command `latchkey recompute-emails`."""

import click

from latchkey.application.administration.recompute_emails import RecomputedEmails
from latchkey.entrypoints.cli.environment import fail
from latchkey.entrypoints.cli.operation import operate
from latchkey.entrypoints.container import Container


@click.command("recompute-emails")
def recompute_emails() -> None:
    """Recompute the canonical forms of e-mail addresses.

    Run it after bringing users over from another service, and after an upgrade that changes which
    addresses are the same. If users would then share an address, the command lists them and changes
    nothing. Safe to repeat, and while the service runs.
    """

    async def recompute(container: Container) -> RecomputedEmails:
        found: RecomputedEmails = await container.recompute_emails()()
        return found

    found = operate(recompute)
    for text in found.unreadable:
        click.secho(f"{text!a} is not an e-mail address; its user cannot log in.", fg="yellow")
    if found.collisions:
        same = (f"These are one address: {', '.join(texts)}." for texts in found.collisions)
        fail(*same, "Nothing was changed: decide which user keeps each of them, then repeat.")
    for email in found.outdated:
        click.echo(f"{email} is compared as {email.canonical}.")
    click.secho(f"Addresses brought up to date: {len(found.outdated)}.", fg="green")
