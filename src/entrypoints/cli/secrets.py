"""`latchkey secrets`."""

from secrets import token_urlsafe

import click


@click.command()
def secrets() -> None:
    """Print fresh secrets, ready for the environment.

    To replace a secret without signing anybody out, list the new one after the old one on all
    processes, then before it, and drop the old one when its last token has expired:
    JWT_SECRET=new,old
    """
    click.echo(f"JWT_SECRET={token_urlsafe(48)}")
    click.echo(f"REFRESH_SECRET={token_urlsafe(48)}")
