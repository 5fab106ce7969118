"""`latchkey factors`."""

from collections.abc import Iterator

import click

from latchkey.domain.factors.factor import FoundFactors
from latchkey.domain.factors.remembered_device import RememberedDevice
from latchkey.entrypoints.cli.operation import known_user, operate
from latchkey.entrypoints.container import Container


@click.command()
@click.argument("email")
def factors(email: str) -> None:
    """List a user's second factors.

    An authenticator app with its id, when it was added and last used, one that is not confirmed
    yet, how many recovery codes are left, and the devices that need no code. Nothing that could be
    used to sign in.
    """

    async def find(
        container: Container,
    ) -> tuple[FoundFactors | None, tuple[RememberedDevice, ...]]:
        user, storage = await known_user(container, email), container.storage()
        found = await storage.factors.find(user.id)
        return found, await storage.remembered_devices.of_user(user.id, storage.clock.now())

    found, devices = operate(find)
    lines = [*(_lines(found) if found else ()), *map(_line_of, devices)]
    click.echo("\n".join(lines) or f"{email} has no second factor.")


def _lines(found: FoundFactors) -> Iterator[str]:
    if totp := found.totp:
        used = f"{totp.last_used_at:%Y-%m-%d %H:%M:%S}"
        yield f"{totp.id} app added={totp.created_at:%Y-%m-%d %H:%M:%S} used={used}"
        yield f"recovery codes left: {found.recovery_codes_left}"
    if found.pending:
        added = f"{found.pending.created_at:%Y-%m-%d %H:%M:%S}"
        yield f"{found.pending.id} app added={added} not confirmed"


def _line_of(device: RememberedDevice) -> str:
    added, until = (f"{at:%Y-%m-%d %H:%M:%S}" for at in (device.created_at, device.expires_at))
    used = f"{device.last_used_at:%Y-%m-%d %H:%M:%S}" if device.last_used_at else "never"
    name = f" device={device.name!r}" if device.name else ""
    return f"{device.id} remembered added={added} used={used} until={until}{name}"
