"""The command line: `latchkey`."""

import click
from typing_extensions import override

from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgresError
from latchkey.adapters.postgres.migrations import MigrationError
from latchkey.domain.kernel.errors import InvalidInputError, LatchkeyError
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

_HELP = """\
Latchkey, an authentication service.

\b
To try it, in development:
  latchkey serve           run the service with an embedded PostgreSQL
  latchkey demo            create demo accounts, and print their passwords

\b
In production (.env.example lists the settings):
  latchkey secrets         print new secrets
  latchkey migrate         migrate the database's schema to this release
  latchkey create-admin    create the first administrator
  latchkey doctor          check the settings and the database
  latchkey serve           run the service

Settings come from environment variables, and from a .env file in the working directory. If both
set a variable, the environment wins.
"""


class _Commands(click.Group):
    """Lists the commands in the order below, and reports errors as lines with exit status 1."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands]

    @override
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except InvalidInputError as error:
            fail(*(f"{v.field}: {v.message}" for v in error.violations))
        except (MigrationError, EmbeddedPostgresError) as error:
            fail(str(error))
        except LatchkeyError as error:
            cause = f" ({error.__cause__})" if error.__cause__ else ""
            fail(f"{problem_of(type(error)).detail}{cause}")


@click.group(cls=_Commands, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="latchkey")
def main() -> None:
    """Run the command that the arguments name."""


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
