"""The command `latchkey secrets`, which prints new secrets."""

from secrets import token_urlsafe

import click


@click.command()
def secrets() -> None:
    """Print new random secrets as environment variables.

    For example: latchkey secrets >> .env

    To replace a secret without signing users out: set JWT_SECRET=old,new in all processes, then
    JWT_SECRET=new,old. Remove the old secret when the last token signed with it has expired.
    """
    click.echo(f"JWT_SECRET={token_urlsafe(48)}")
    click.echo(f"REFRESH_SECRET={token_urlsafe(48)}")
