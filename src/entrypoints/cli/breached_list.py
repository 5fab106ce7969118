"""The command `latchkey breached-list`, which prepares a list for the service."""

import os
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from latchkey.adapters.breached_passwords import BreachedPasswordsError, write


@click.command("breached-list")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def breached_list(file: Path) -> None:
    """Write a list of passwords from breaches into FILE.

    For example: latchkey breached-list /var/lib/latchkey/breached < pwnedpasswords.txt

    The list comes from standard input: a SHA-1 hash in each line, ordered by hash, such as the
    downloader of Have I Been Pwned writes. FILE has 8 bytes of each, and is replaced when it is
    complete. Set BREACHED_PASSWORDS_FILE to it, and restart the service.
    """
    try:
        count = _replace(file)
    except BreachedPasswordsError as error:
        raise click.ClickException(f"{error}; nothing was changed") from error
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be written ({error.strerror})") from error
    click.secho(f"{file} has {count:,} passwords.", fg="green")


def _replace(file: Path) -> int:
    with NamedTemporaryFile(dir=file.parent, prefix=f"{file.name}.", delete=False) as draft:
        try:
            count = write(sys.stdin, draft)
            os.fchmod(draft.fileno(), 0o644)
        except BaseException:
            Path(draft.name).unlink()
            raise
    Path(draft.name).replace(file)
    return count
