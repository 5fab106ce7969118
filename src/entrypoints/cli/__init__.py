"""The command line: `latchkey`."""

from importlib import import_module
from typing import Final

import click
from typing_extensions import override

_HELP = """\
Latchkey, an authentication service.

\b
A first walk, in development:
  latchkey serve           runs the service with an embedded PostgreSQL
  latchkey demo            makes accounts to sign in with, and prints them

\b
In production (see .env.example for what can be set):
  latchkey secrets         prints fresh secrets
  latchkey migrate         brings the database's schema up to date
  latchkey create-admin    makes the first administrator
  latchkey doctor          checks settings and database
  latchkey serve           runs the service

Settings come from environment variables; a .env file in the working directory adds what the
environment doesn't have.
"""
_MODULES: Final = {
    "serve": "serve",
    "demo": "demo",
    "doctor": "doctor",
    "secrets": "secrets",
    "migrate": "database",
    "create-admin": "accounts",
    "set-password": "accounts",
    "set-role": "accounts",
    "disable-user": "accounts",
    "enable-user": "accounts",
    "audit": "audit",
    "prune": "database",
    "openapi": "openapi",
    "prove": "prove",
}
"""The module of each command, in the order of the help."""


class _Commands(click.Group):
    """Imports a command only when it is needed; prints errors as lines, exit status 1.

    Most commands import the whole service, which takes a second or more.
    """

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_MODULES]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        module = import_module(f"{__name__}.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    @override
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            from latchkey.entrypoints.cli.errors import explain  # noqa: PLC0415 - see above

            explain(error)
            raise


@click.group(cls=_Commands, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="latchkey")
def main() -> None:
    """Run a command."""
