"""The command `latchkey prove`, which tests the promises of a deployment."""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import click
from typing_extensions import override

from latchkey.entrypoints.settings.kinds import duration

_EXTRA = {"aiosmtpd", "anyio", "httpx", "pytest"}
_CANNOT_RUN = 2
_LAST_PORT = 65_535

_HELP = """\
Prove that a deployment keeps its promises.

The promises are those of docs/flow.md.

For example: latchkey prove https://auth.example.com --admin-email ada@example.com

It tests any implementation of the flow, in any language, over HTTP alone, and reports each
promise as shown, not shown, or broken. It takes one to two minutes, and three to four with
--profile latchkey; with BCRYPT_ROUNDS=10 in the deployment, less than half of that.

It CHANGES the deployment: it creates users (u...@latchkey.example) and cannot delete them, opens
and ends their sessions, and guesses their passwords. So prove a deployment before it has users
of its own.

\b
The deployment needs
  - an administrator: --admin-email, with the password in the environment
    variable LATCHKEY_PROVE_ADMIN_PASSWORD. If bootstrap is enabled, the
    command creates them; without --admin-email it creates one with a random
    password, and can do so only once
  - LOGIN_LIMIT_ADDRESS=off and MAIL_LIMIT_SOURCE=off, since all requests come
    from one address, and LOGIN_LIMIT_SUCCESSES=off, since many logins are to
    one account
  - for the promises about mails: a mailbox at /mailbox, as in development, or
    SMTP_URL set to the address of --smtp (smtp://127.0.0.1:2525?tls=none)
  - the defaults of REFRESH_GRACE (10 s), LOGIN_LIMIT_ACCOUNT, REFRESH_LIMIT
    and all lifetimes
"""

_WATCHED = duration(timedelta(seconds=1), timedelta(days=1))


class _Watched(click.ParamType[timedelta]):
    """How long to watch, written as the settings' durations."""

    name = "duration"

    @override
    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        try:
            return _WATCHED.parse(value)
        except ValueError:
            self.fail(f"must be {_WATCHED.form}, such as 90m", param, ctx)


class _Address(click.ParamType[tuple[str, int]]):
    """Where to listen, as host:port."""

    name = "address"

    @override
    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        host, _, port = value.rpartition(":")
        if (
            not host
            or not port.isascii()
            or not port.isdecimal()
            or not 0 < int(port) <= _LAST_PORT
        ):
            self.fail("must be host:port, such as 127.0.0.1:2525", param, ctx)
        return host.strip("[]"), int(port)


_file = click.Path(path_type=Path, dir_okay=False, writable=True)


@click.command(
    help=_HELP,
    epilog="""\b
Exit status:
  0  every promise that could be shown holds
  1  a promise is broken
  2  the deployment could not be tested: see the message
""",
)
@click.argument("url")
@click.option(
    "--profile",
    type=click.Choice(["flow", "latchkey"]),
    default="flow",
    show_default=True,
    help="flow: the promises of every implementation; latchkey: also those of Latchkey alone.",
)
@click.option("--only", metavar="IDS", help="Promises or whole sections, such as R,A3.")
@click.option("--admin-email", metavar="EMAIL", help="An administrator of the deployment.")
@click.option(
    "--watch-rotation",
    "rotation",
    type=_Watched(),
    metavar="DURATION",
    help="Watch for so long at most, such as 3h, how the keys are rotated by you (J4, J5, J6).",
)
@click.option(
    "--smtp",
    type=_Address(),
    metavar="HOST:PORT",
    help="Take the mails that the deployment sends, at this address of this machine.",
)
@click.option("--json", "json_file", type=_file, help="Write the report as JSON.")
@click.option("--junit", "junit_file", type=_file, help="Write the report as JUnit XML.")
def prove(  # noqa: PLR0913, PLR0917 - an argument for each option
    url: str,
    profile: str,
    only: str | None,
    admin_email: str | None,
    rotation: timedelta | None,
    smtp: tuple[str, int] | None,
    json_file: Path | None,
    junit_file: Path | None,
) -> None:
    """Prove that a deployment keeps the promises of docs/flow.md."""
    try:
        from latchkey.testing.prove.command import Options, run  # noqa: PLC0415 - needs pytest
    except ModuleNotFoundError as error:
        if error.name in _EXTRA:
            _fail(f"{error.name} is missing: pip install 'latchkey[testing]'")
        raise
    options = Options(
        url=url,
        profile=profile,
        only=only,
        admin_email=admin_email,
        rotation=rotation,
        smtp=smtp,
        files={"json": json_file, "junit": junit_file},
    )
    sys.exit(run(options, os.environ))


def _fail(line: str) -> NoReturn:
    click.secho(line, fg="red", err=True)
    sys.exit(_CANNOT_RUN)
