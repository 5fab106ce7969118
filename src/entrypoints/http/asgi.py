"""What each worker of the server runs."""

import os

from litestar.types import ASGIApp

from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.observability import logs
from latchkey.entrypoints.settings import from_env
from latchkey.entrypoints.storage import postgres


def create() -> ASGIApp:
    """Make the application from the environment, on PostgreSQL.

    Raises:
        SettingsError: The environment can't be used.
        ValueError: `DATABASE_URL` is unset; only the command line starts an embedded one.
    """
    settings = from_env(os.environ)
    if settings.database.url is None:
        raise ValueError("DATABASE_URL is unset")
    logs.configure(settings.log_level, as_json=settings.is_production)
    return create_app(settings, postgres(settings, settings.database.url))
