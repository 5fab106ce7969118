"""The service with a team's own orders: what Granian or any other ASGI server is given."""

import os
import sqlite3

from litestar.types import ASGIApp

from examples.sqlite_orders import SqliteOrderRepository
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.settings import from_env
from latchkey.entrypoints.storage import postgres


def create() -> ASGIApp:
    """Create the application on PostgreSQL, except for the orders."""
    settings = from_env(os.environ)
    storage = postgres(settings, os.environ["DATABASE_URL"])
    storage.orders = SqliteOrderRepository(sqlite3.connect("orders.db"))
    return create_app(settings, storage)
