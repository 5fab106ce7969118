"""The command `latchkey secrets`, which prints new secrets."""

import os
import re
from pathlib import Path
from secrets import token_urlsafe
from typing import Final

import click

_NAMES: Final = ("JWT_SECRET", "REFRESH_SECRET", "FACTOR_SECRET")
_SET: Final = re.compile(
    rf"^[ \t]*(?:export[ \t]+)?({'|'.join(_NAMES)})[ \t]*=[ \t]*[^\s#]", re.MULTILINE
)
_PRIVATE: Final = 0o600


@click.command()
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Add them to this file, which then only its owner may read.",
)
def secrets(file: Path | None) -> None:
    """Print new random secrets, or add them to a file.

    For example: latchkey secrets --to .env

    To replace a secret without signing users out: set JWT_SECRET=old,new in all processes, then
    JWT_SECRET=new,old. Remove the old secret when the last token signed with it has expired. Keep
    FACTOR_SECRET: without it, users with a second factor cannot sign in.
    """
    lines = "".join(f"{name}={token_urlsafe(48)}\n" for name in _NAMES)
    if file is None:
        click.echo(lines, nl=False)
        return
    try:
        _add(file, lines)
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file}: cannot be changed ({error})") from error
    click.secho(f"{file} has new secrets, and only its owner may read it.", fg="green")


def _add(file: Path, lines: str) -> None:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, _PRIVATE)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as opened:
        present = opened.read()
        if found := _SET.search(present):
            raise click.ClickException(f"{file} already sets {found[1]}; nothing was changed")
        os.fchmod(descriptor, _PRIVATE)
        opened.write(lines if present.endswith("\n") or not present else f"\n{lines}")
