"""The command line: `latchkey`."""

import os
from importlib import import_module
from typing import Final

import click
from typing_extensions import override

_HELP = """\
Latchkey, an authentication service.

\b
To try it, in development:
  latchkey serve           run the service with an embedded PostgreSQL
  latchkey demo            create demo accounts, and print their passwords

\b
In production (.env.example lists the settings):
  latchkey secrets         print new secrets
  latchkey keys            manage keys that other services verify with
  latchkey migrate         migrate the database's schema to this release
  latchkey create-admin    create the first administrator
  latchkey doctor          check the settings and the database
  latchkey serve           run the service

Settings come from environment variables, and from a .env file in the working directory. If both
set a variable, the environment wins.
"""
_MODULES: Final = {
    "serve": "serve",
    "demo": "demo",
    "doctor": "doctor",
    "secrets": "secrets",
    "keys": "keys",
    "migrate": "database",
    "create-admin": "accounts",
    "set-password": "accounts",
    "set-role": "accounts",
    "disable-user": "accounts",
    "enable-user": "accounts",
    "recompute-emails": "emails",
    "audit": "audit",
    "prune": "database",
    "openapi": "openapi",
    "prove": "prove",
}
"""The module of each command, in the order of the help."""


class _Commands(click.Group):
    """Imports each command when it is needed, and reports errors as lines with exit status 1.

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
        if os.environ.get("NO_COLOR"):  # no-color.org; click does not read it
            ctx.color = False
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
    """Run the command that the arguments name."""
