"""`latchkey keys`: the file with the private keys that sign access tokens."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click
from typing_extensions import override

from latchkey.adapters.keys.key_pairs import PRIVATE
from latchkey.entrypoints.cli.environment import environ_of_commands, fail
from latchkey.entrypoints.cli.key_ring import KeyRing, KeyRingError, State, in_utc
from latchkey.entrypoints.settings.kinds import Kind, duration

LEAD: Final = timedelta(hours=1)
"""How long a key is published before it signs. Verifiers keep a list for up to 20 minutes."""

_VARIABLE: Final = "JWT_KEYS_FILE"
_IN: Final = duration(LEAD, timedelta(days=366))
_CACHES: Final = "5 minutes by Cache-Control, up to 20 minutes in Envoy"


_HELP: Final = """\
Manage the keys that sign access tokens.

With private keys, other services can verify access tokens and cannot create
any. The keys are in a file, which the setting JWT_KEYS_FILE names. Give every
replica the same one; a replica reads it when it starts.

\b
latchkey keys new --out keys.json   create the file
latchkey keys rotate                add the key that takes over
latchkey keys list                  show which key signs, and until when

A key's id may begin with a hyphen; then write -- before it.
"""


class _Duration(click.ParamType[timedelta]):
    name = "duration"

    def __init__(self, kind: Kind[timedelta]) -> None:
        self._kind = kind

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        try:
            return self._kind.parse(str(value))
        except ValueError:
            self.fail(f"must be {self._kind.form}", param, ctx)


_file: Final = click.option(
    "--file",
    "given",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"The file with the keys; if it is not given, the one that {_VARIABLE} names.",
)
_alg: Final = click.Choice([*PRIVATE])


@click.group(help=_HELP)
def keys() -> None:
    """Manage the keys that sign access tokens."""


@keys.command()
@click.option("--alg", type=_alg, default=next(iter(PRIVATE)), show_default=True, help="Algorithm.")
@click.option(
    "--out",
    "given",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"The file to create; if it is not given, the one that {_VARIABLE} names.",
)
def new(alg: str, given: Path | None) -> None:
    """Create a file with one key, and print the key's id.

    Every verifier knows ES256. EdDSA is unknown to HAProxy and nginx; RS256 is for old verifiers,
    and signing with it takes many times as long.
    """
    path = _path(given)
    if path.exists():
        fail(f"{path}: exists already; add a key to it with `latchkey keys rotate`.")
    ring = KeyRing.empty()
    kid = ring.add(alg, None)
    ring.save(path)
    click.echo(kid)


@keys.command("list")
@_file
def list_keys(given: Path | None) -> None:
    """Show each key: when it signs, and how long it is accepted and published."""
    now = _now()
    for row in _load(given).rows(now):
        click.echo(f"{row.kid}  {row.alg:<5}  {row.state:<8}  {row.described(now)}")


@keys.command()
@click.option("--alg", type=_alg, help="Algorithm; by default that of the newest key.")
@click.option(
    "--in",
    "after",
    type=_Duration(_IN),
    default="2h",
    show_default=True,
    help="When the new key begins to sign; at least 1h, so that verifiers know it by then.",
)
@_file
def rotate(alg: str | None, after: timedelta, given: Path | None) -> None:
    """Add a key that takes over at a given time, and remove those that are over.

    One roll-out of the file is the whole rotation: all replicas change the key at that time, and
    the old key is no longer published once its tokens have expired. Finish the roll-out at least
    an hour before that time.
    """
    path, ring, now = _path(given), _load(given), _now()
    over = ring.remove_over(now)
    starts = now + after
    kid = ring.add(alg or ring.newest.alg, starts)
    ring.save(path)
    click.echo(kid)
    click.echo(f"It signs from {in_utc(starts)}.", err=True)
    click.echo(f"Roll the file out by {in_utc(starts - LEAD)}.", err=True)
    for each in over:
        click.echo(f"Removed {each}, which was over.", err=True)


@keys.command()
@click.argument("kid")
@_file
def retire(kid: str, given: Path | None) -> None:
    """Remove a key at once, in an emergency.

    For example: latchkey keys retire KID

    If it signs, the next key takes its place, or a new one is created. Services that have not
    fetched the new list yet reject tokens of a new key for some minutes.
    """
    path, ring, now = _path(given), _load(given), _now()
    row = ring.row(kid, now)
    if row is None:
        fail(f"{path}: has no key {kid}.")
    successor = ring.retire(kid, now)
    ring.save(path)
    click.echo(f"Removed {kid}. Restart all replicas with the file.")
    if row.state is State.NEXT:
        return
    click.echo(
        f"This service rejects the key's tokens then. Other services accept them until they fetch"
        f" the list again ({_CACHES}), and no longer than until the tokens expire."
    )
    click.echo("Sessions go on: each client gets a new access token with its next refresh.")
    if successor:
        click.echo(f"{successor} signs from now on.")


@keys.command()
@click.option("--jwks", "as_jwks", is_flag=True, help="Print the public keys as a JWK Set.")
@click.option(
    "--pem",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write each public key into this directory, as <key id>.pem.",
)
@_file
def export(pem: Path | None, given: Path | None, *, as_jwks: bool) -> None:
    """Print or write the public keys, for verifiers that cannot fetch them."""
    if as_jwks == (pem is not None):
        fail("Choose one of --jwks and --pem.")
    published = _load(given).published(_now())
    if pem is None:
        listed = [key.listed for key in published]
        click.echo(json.dumps({"keys": listed}, indent=2))
        return
    pem.mkdir(parents=True, exist_ok=True)
    for key in published:
        (pem / f"{key.kid}.pem").write_bytes(key.pem)
        click.echo(pem / f"{key.kid}.pem")


@keys.command()
@click.argument("url")
def check(url: str) -> None:
    """Check what a deployment publishes, as verifiers read it.

    For example: latchkey keys check https://auth.example.com

    Fetches the list of keys and the metadata. Prints one line for each finding: `ok`, `error`, or
    `warning` for what some verifiers cannot use. The exit status is 1 if there is an error.
    """
    from latchkey.entrypoints.cli.published_keys import (  # noqa: PLC0415 - only this needs it
        examine,
    )

    colours = {"ok": "green", "warning": "yellow", "error": "red"}
    grades = []
    for grade, text in examine(url):
        grades.append(grade)
        click.echo(f"{click.style(f'{grade:<7}', fg=colours[grade])} {text}")
    raise SystemExit("error" in grades)


def _path(given: Path | None) -> Path:
    named = environ_of_commands().get(_VARIABLE)
    if given is None and not named:
        fail(f"Name the file with an option, or in {_VARIABLE}.")
    return given or Path(named or os.curdir)


def _load(given: Path | None) -> KeyRing:
    try:
        return KeyRing.load(_path(given), environ_of_commands())
    except KeyRingError as error:
        fail(*error.faults)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
