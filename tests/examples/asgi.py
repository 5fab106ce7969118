"""The service with a team's own orders: what Granian or any other ASGI server is given."""

import os
import sqlite3

from litestar.types import ASGIApp

from entrypoints.http.app import create_app
from entrypoints.settings import from_env
from entrypoints.storage import postgres
from examples.sqlite_orders import SqliteOrderRepository


def create() -> ASGIApp:
    """Create the application on PostgreSQL, except for the orders."""
    settings = from_env(os.environ)
    adapters = postgres(settings, os.environ["DATABASE_URL"])
    adapters.orders = SqliteOrderRepository(sqlite3.connect("orders.db"))
    return create_app(settings, adapters)
