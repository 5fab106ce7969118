"""The entry point of each worker of the server."""

import asyncio
import os

from litestar.types import ASGIApp

from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.observability import logs
from latchkey.entrypoints.settings import from_env
from latchkey.entrypoints.storage import postgres
from latchkey.entrypoints.workers.parent import end_with_parent
from latchkey.entrypoints.workers.signals import keep_sigterm


def create() -> ASGIApp:
    """Build the application from the environment, with PostgreSQL, in a worker.

    A worker ends with the process that started it.

    Raises:
        SettingsError: At least one setting is invalid.
        ValueError: `DATABASE_URL` is unset. Only the command line starts an embedded server.
    """
    end_with_parent()
    keep_sigterm(asyncio.get_event_loop())  # Granian's, which runs after this
    settings = from_env(os.environ)
    if settings.database.url is None:
        raise ValueError("DATABASE_URL is unset")
    logs.configure(settings.log_level, as_json=settings.is_production)
    return create_app(settings, postgres(settings, settings.database.url))
