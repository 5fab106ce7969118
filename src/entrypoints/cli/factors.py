"""`latchkey factors`."""

from collections.abc import Iterator

import click

from latchkey.domain.factors.factor import FoundFactors
from latchkey.entrypoints.cli.operation import known_user, operate
from latchkey.entrypoints.container import Container


@click.command()
@click.argument("email")
def factors(email: str) -> None:
    """List a user's second factors.

    An authenticator app with its id, when it was added and last used, one that is not confirmed
    yet, and how many recovery codes are left. Nothing that could be used to sign in.
    """

    async def find(container: Container) -> FoundFactors | None:
        user = await known_user(container, email)
        return await container.storage().factors.find(user.id)

    found = operate(find)
    lines = [*_lines(found)] if found else []
    click.echo("\n".join(lines) or f"{email} has no second factor.")


def _lines(found: FoundFactors) -> Iterator[str]:
    if totp := found.totp:
        used = f"{totp.last_used_at:%Y-%m-%d %H:%M:%S}"
        yield f"{totp.id} app added={totp.created_at:%Y-%m-%d %H:%M:%S} used={used}"
        yield f"recovery codes left: {found.recovery_codes_left}"
    if found.pending:
        added = f"{found.pending.created_at:%Y-%m-%d %H:%M:%S}"
        yield f"{found.pending.id} app added={added} not confirmed"
