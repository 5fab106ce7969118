"""The command line: `latchkey`."""

import click
from typing_extensions import override

from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgresError
from latchkey.adapters.postgres.migrations import MigrationError
from latchkey.domain.kernel.errors import InvalidInputError, LatchkeyError, StorageFaultError
from latchkey.entrypoints.cli.accounts import (
    create_admin,
    disable_user,
    enable_user,
    set_password,
    set_role,
)
from latchkey.entrypoints.cli.audit import audit
from latchkey.entrypoints.cli.database import migrate, prune
from latchkey.entrypoints.cli.demo import demo
from latchkey.entrypoints.cli.doctor import doctor
from latchkey.entrypoints.cli.environment import fail
from latchkey.entrypoints.cli.openapi import openapi
from latchkey.entrypoints.cli.secrets import secrets
from latchkey.entrypoints.cli.serve import serve
from latchkey.entrypoints.http.problems.table import problem_of
from latchkey.entrypoints.observability.causes import cause_of

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


class _Commands(click.Group):
    """Lists commands in their order here; turns what is refused into lines and exit status 1."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands]

    @override
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except InvalidInputError as error:
            fail(*(f"{v.field}: {v.message}" for v in error.violations))
        except (MigrationError, EmbeddedPostgresError, StorageFaultError) as error:
            fail(str(error))
        except LatchkeyError as error:
            cause = cause_of(error)
            fail(f"{problem_of(type(error)).detail}{f' ({cause})' if cause else ''}")


@click.group(cls=_Commands, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="latchkey")
def main() -> None:
    """Run a command."""


for command in (
    serve,
    demo,
    doctor,
    secrets,
    migrate,
    create_admin,
    set_password,
    set_role,
    disable_user,
    enable_user,
    audit,
    prune,
    openapi,
):
    main.add_command(command)
