"""The suite of a port, held against an adapter that a team wrote."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from examples.sqlite_orders import SqliteOrderRepository
from latchkey.adapters.memory import MemoryStorage
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.ports.lists import OrderRepositorySuite


@pytest.fixture
def storage(clock: FrozenClock) -> Iterator[MemoryStorage]:
    storage = MemoryStorage(clock)
    with closing(sqlite3.connect(":memory:")) as database:
        storage.orders = SqliteOrderRepository(database)
        yield storage


class TestSqliteOrderRepository(OrderRepositorySuite): ...
