"""Runs `latchkey prove`, prints the report and returns the exit status. Needs pytest."""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import click

from latchkey.testing.flow.document import Profile
from latchkey.testing.prove.deployment import CannotRunError, Target, checked_url, given_admin
from latchkey.testing.prove.formats import as_json, as_junit
from latchkey.testing.prove.plugin import Count
from latchkey.testing.prove.run import Proof, chosen, prove
from latchkey.testing.prove.text import report
from latchkey.testing.prove.verdicts import Judgement

HOLDS: Final = 0
BROKEN: Final = 1
CANNOT_RUN: Final = 2
_EVERY: Final = 15.0  # s between two lines of progress, if no terminal shows them


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of `latchkey prove`.

    Attributes:
        profile: `flow` or `latchkey`.
        only: Ids or letters of promises, separated by commas, or None for all.
        rotation: Within which time the operators rotate the keys, or None.
        smtp: Host and port to take mails at, or None.
        files: Where to write a report, by format: `json` and `junit`.
    """

    url: str
    profile: str
    only: str | None
    admin_email: str | None
    rotation: timedelta | None
    smtp: tuple[str, int] | None
    files: Mapping[str, Path | None]


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Prove a deployment, print the report and return the exit status."""
    try:
        proof = _prove(options, environ)
        _write(proof, options.files)
    except (CannotRunError, OSError) as error:
        click.secho(str(error), fg="red", err=True)
        return CANNOT_RUN
    for line in report(proof):
        click.secho(line, fg="red" if line.startswith("BROKEN ") else None)
    if proof.of(Judgement.BROKEN):
        return BROKEN
    if not proof.of(Judgement.SHOWN):
        click.secho("No promise could be shown; the reasons are above.", fg="red", err=True)
        return CANNOT_RUN
    return HOLDS


def _prove(options: Options, environ: Mapping[str, str]) -> Proof:
    url, profile = checked_url(options.url), Profile(options.profile)
    judged = chosen(profile, options.only)
    admin = given_admin(options.admin_email, environ)
    target = Target(url=url, admin=admin, rotation=options.rotation, smtp=options.smtp)
    for file in options.files.values():
        if file and not file.absolute().parent.is_dir():
            raise CannotRunError(f"{file}: there is no such directory")
    click.echo(
        f"Proving {len(judged)} promises of {url}. This creates users"
        " (u...@latchkey.example), logs them in and out, and guesses their passwords.",
        err=True,
    )
    return prove(target, profile, judged, Progress())


def _write(proof: Proof, files: Mapping[str, Path | None]) -> None:
    formats = {"json": as_json, "junit": as_junit}
    for name, file in files.items():
        if file:
            file.write_text(formats[name](proof), encoding="utf-8")


@dataclass(slots=True)
class Progress:
    """Prints progress on standard error: after each test on a terminal, elsewhere now and then."""

    _told: float = field(default_factory=time.monotonic)

    def __call__(self, count: Count) -> None:
        """Report how far the run has come."""
        line = f"{count.done} of {count.total} tests, {len(count.broken)} broken promises"
        if sys.__stderr__ is not None and sys.__stderr__.isatty():
            end = "\n" if count.done == count.total else ""
            print(f"\r{line}", end=end, file=sys.__stderr__, flush=True)
        elif time.monotonic() - self._told > _EVERY:
            self._told = time.monotonic()
            print(line, file=sys.__stderr__, flush=True)
