"""The command `latchkey serve`, which runs the service."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial

import click
import structlog

from latchkey.adapters.postgres.inspection import inspect
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.entrypoints import mail, server
from latchkey.entrypoints.cli.connections import connection_caution
from latchkey.entrypoints.cli.environment import fail, load
from latchkey.entrypoints.cli.operation import bring_up_to_date, database
from latchkey.entrypoints.observability.metrics.endpoint import exposed
from latchkey.entrypoints.settings import Settings, cautions_of
from latchkey.entrypoints.storage import operating

_BOOTSTRAP = """\
There are no users yet. Create the first administrator:

  curl {url}/api/auth/bootstrap -H 'Content-Type: application/json' \\
    -d '{{"email": "ada@example.com", "name": "Ada", "password": "correct horse battery"}}'

or create demo accounts: latchkey demo (in a clone of the repository: ./justw demo)
"""


@click.command()
def serve() -> None:
    """Run the service until Ctrl-C or SIGTERM.

    It listens on HOST and PORT, by default on http://127.0.0.1:8000.

    In development, it migrates the database's schema, and starts an embedded PostgreSQL if
    DATABASE_URL is unset. In production, run `latchkey migrate` first.
    """
    settings, environ = load()
    if faults := (*server.faults_of(settings), *mail.faults_of(settings)):
        fail(*faults)
    for caution in cautions_of(settings, environ):
        structlog.get_logger("latchkey").warning(caution)
    with database(settings, tell=_tell) as dsn:
        os.environ.update(environ)
        if settings.database.url is None:
            os.environ["DATABASE_URL"] = dsn
        if not settings.is_production:
            lines = asyncio.run(_prepare(settings, dsn))
            server.when_listening(settings.server, partial(click.echo, "\n".join(lines)))
        asyncio.run(_warn_of_database(settings, dsn))
        with exposed(settings):
            server.serve(settings)


def _tell(step: str) -> None:
    click.secho(f"{step} ...", dim=True, err=True)


async def _warn_of_database(settings: Settings, dsn: str) -> None:
    log = structlog.get_logger("latchkey")
    with suppress(StorageUnavailableError):  # the database may come later
        inspection = await inspect(dsn)
        if caution := connection_caution(settings, inspection):
            log.warning(caution)
        if inspection.schema and not inspection.schema.is_usable:
            log.warning("schema: is not that of this release; run `latchkey migrate`")


async def _prepare(settings: Settings, dsn: str) -> list[str]:
    """Prepare the database of development; return what to tell when the service listens."""
    _tell("Migrating the schema")
    await bring_up_to_date(dsn)
    _tell("Starting the service, which takes some seconds")
    return [line async for line in _banner(settings, dsn)]


async def _banner(settings: Settings, dsn: str) -> AsyncIterator[str]:
    listening, url = settings.server, settings.server.url
    yield click.style(f"Latchkey is listening on {url}", bold=True)
    if not listening.is_loopback:
        warning = "Development: whoever reaches this address can become administrator."
        yield click.style(warning, fg="red")
    if listening.shows_docs:
        yield f"Read and try the API: {url}/docs"
    if settings.has_mailbox:
        yield f"Read the mails that would be sent: {url}/mailbox"
    if listening.frontend:
        yield f"Sign in on the web pages: {settings.public_url}/"
    else:
        yield "There are no web pages: build them (./justw web in a clone), and start again"
    async with operating(settings, dsn) as container:
        users = await container.storage().users.page(after=None, limit=1)
    if not users.items and settings.accounts.allow_bootstrap:
        yield _BOOTSTRAP.format(url=url)
