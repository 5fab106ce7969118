"""`latchkey factors`."""

from collections.abc import Iterator, Sequence
from typing import Final

import click

from latchkey.domain.factors.factor import FoundFactors
from latchkey.domain.factors.passkey import Passkey
from latchkey.domain.factors.remembered_device import RememberedDevice
from latchkey.entrypoints.cli.operation import known_user, operate
from latchkey.entrypoints.container import Container

_TIME: Final = "%Y-%m-%d %H:%M:%S"


@click.command()
@click.argument("email")
def factors(email: str) -> None:
    """List a user's second factors.

    The authenticator app and the passkeys with their ids, when they were added and last used, an
    app that is not confirmed yet, how many recovery codes are left, and the devices that need no
    code. Nothing that could be used to sign in.
    """

    async def find(container: Container) -> list[str]:
        user, storage = await known_user(container, email), container.storage()
        found = await storage.factors.find(user.id)
        passkeys = await storage.passkeys.of_user(user.id)
        devices = await storage.remembered_devices.of_user(user.id, storage.clock.now())
        return [*(_lines(found, passkeys) if found else ()), *map(_line_of, devices)]

    click.echo("\n".join(operate(find)) or f"{email} has no second factor.")


def _lines(found: FoundFactors, passkeys: Sequence[Passkey]) -> Iterator[str]:
    if totp := found.totp:
        used = f"{totp.last_used_at:{_TIME}}"
        yield f"{totp.id} app added={totp.created_at:{_TIME}} used={used}"
    for passkey in passkeys:
        times = f"added={passkey.created_at:{_TIME}} used={passkey.last_used_at:{_TIME}}"
        yield f"{passkey.id} passkey {times} for={passkey.rp_id} name={passkey.name}"
    if found.totp or passkeys:
        yield f"recovery codes left: {found.recovery_codes_left}"
    if found.pending:
        added = f"{found.pending.created_at:{_TIME}}"
        yield f"{found.pending.id} app added={added} not confirmed"


def _line_of(device: RememberedDevice) -> str:
    added, until = (f"{at:{_TIME}}" for at in (device.created_at, device.expires_at))
    used = f"{device.last_used_at:{_TIME}}" if device.last_used_at else "never"
    name = f" device={device.name!r}" if device.name else ""
    return f"{device.id} remembered added={added} used={used} until={until}{name}"
