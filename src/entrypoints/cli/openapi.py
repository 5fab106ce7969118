"""`latchkey openapi`."""

import click
import structlog

from adapters.memory import MemoryAdapters
from adapters.system import SystemClock
from entrypoints.http.app import create_litestar
from entrypoints.http.openapi import document
from entrypoints.http.request_log import RequestLog
from entrypoints.settings import from_env


@click.command()
def openapi() -> None:
    """Print the OpenAPI document of the API.

    It is what `docs/openapi.json` has, and what /openapi.json serves where DOCS is true.
    """
    click.echo(default_document(), nl=False)


def default_document() -> bytes:
    """Write the document of a service with nothing set; asks no database."""
    settings = from_env({"JWT_SECRET": "no-token-is-ever-signed-with-this-one!"})
    adapters = MemoryAdapters(SystemClock(), settings.login_limits)
    app = create_litestar(settings, adapters, RequestLog(structlog.get_logger()))
    return document(app) + b"\n"
