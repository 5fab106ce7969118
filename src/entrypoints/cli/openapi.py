"""The command `latchkey openapi`, which prints the OpenAPI document."""

import click
import structlog

from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.system import SystemClock
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.app import create_litestar
from latchkey.entrypoints.http.openapi.document import document
from latchkey.entrypoints.observability.request_log import RequestLog
from latchkey.entrypoints.settings import from_env


@click.command()
def openapi() -> None:
    """Print the OpenAPI document of the API.

    The same document is in `docs/openapi.json`, and at /openapi.json if DOCS is true.
    """
    click.echo(default_document(), nl=False)


def default_document() -> bytes:
    """Return the document of a service with default settings. Needs no database."""
    settings = from_env({"JWT_SECRET": "no-token-is-ever-signed-with-this-one!"})
    storage = MemoryStorage(SystemClock())
    container = Container(settings=settings, storage=storage)
    app = create_litestar(container, RequestLog(structlog.get_logger()))
    return document(app) + b"\n"
