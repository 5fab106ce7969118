"""The command line: `latchkey`."""

import gc
import os
from importlib import import_module
from types import ModuleType
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
  latchkey secrets         create secrets
  latchkey keys            manage keys that other services verify with
  latchkey migrate         migrate the database's schema to this release
  latchkey create-admin    create the first administrator
  latchkey doctor          check settings, database and mail server
  latchkey serve           run the service

Settings come from environment variables, and from a .env file in the working directory. If both
set a variable, the environment wins.
"""
_COMMANDS: Final = {
    "serve": ("serve", "Run the service until Ctrl-C or SIGTERM."),
    "demo": ("demo", "Create accounts with orders to try the service."),
    "doctor": ("doctor", "Check the settings, the database and the mail server."),
    "secrets": ("secrets", "Print new random secrets, or add them to a file."),
    "keys": ("keys", "Manage the keys that sign access tokens."),
    "migrate": ("database", "Migrate the database's schema to this release."),
    "create-admin": ("accounts", "Create an administrator, the first or another."),
    "invite": ("invitations", "Invite somebody by mail to become a user."),
    "users": ("users", "List the users, and who is disabled."),
    "set-password": ("accounts", "Set a user's password and end all of their sessions."),
    "set-role": ("accounts", "Set a user's role: ADMIN or USER."),
    "disable-user": ("accounts", "Disable a user and end all of their sessions."),
    "enable-user": ("accounts", "Let a disabled user log in again."),
    "reset-link": ("links", "Print a link with which a user sets a new password."),
    "sessions": ("sessions", "List where a user is signed in, or end it all."),
    "factors": ("factors", "List a user's second factors."),
    "reset-factors": ("accounts", "Remove a user's second factors."),
    "delete-user": ("accounts", "Delete a user's account for good."),
    "breached-list": ("breached_list", "Write a list of passwords from breaches into FILE."),
    "recompute-emails": ("emails", "Recompute the canonical forms of e-mail addresses."),
    "mail": ("mail", "List the mails that wait, retry failed ones, or send a test."),
    "audit": ("audit", "Show the audit log of accounts and sessions."),
    "prune": ("database", "Delete old sessions, counts, mails and devices."),
    "openapi": ("openapi", "Print the OpenAPI document of the API."),
    "prove": ("prove", "Prove that a deployment keeps its promises."),
}
"""The module and the summary of each command, in the order of the help.

Most modules import the whole service, which takes a second or more. So they are imported only for
the command that runs, and the summaries are here.
"""


class _Commands(click.Group):
    """Imports a command when it runs, and reports errors as lines with exit status 1."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = _import(_COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])

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


def _import(name: str) -> ModuleType:
    """Import a module of this package with the garbage collector off.

    Hardly anything that it loads ever becomes garbage, and to look for that takes a tenth of the
    time. The collector leaves it out later, too.
    """
    gc.disable()
    try:
        return import_module(f"{__name__}.{name}")
    finally:
        gc.freeze()
        gc.enable()


@click.group(cls=_Commands, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="latchkey")
def main() -> None:
    """Run the command that the arguments name."""
