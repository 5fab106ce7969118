"""`latchkey secrets`."""

from secrets import token_urlsafe

import click


@click.command()
def secrets() -> None:
    """Print fresh secrets, ready for the environment.

    For example: latchkey secrets >> .env

    To replace a secret without signing anybody out, list the new one after the old one in all
    processes (JWT_SECRET=old,new), then before it (new,old), and drop the old one when its
    last token has expired.
    """
    click.echo(f"JWT_SECRET={token_urlsafe(48)}")
    click.echo(f"REFRESH_SECRET={token_urlsafe(48)}")
