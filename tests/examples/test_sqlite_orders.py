"""The suite of a port, held against an adapter that a team wrote."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from adapters.memory import MemoryAdapters
from contract.ports.lists import OrderRepositorySuite
from domain.throttle import LoginLimits
from examples.sqlite_orders import SqliteOrderRepository
from frozen_clock import FrozenClock


@pytest.fixture
def storage(clock: FrozenClock) -> Iterator[MemoryAdapters]:
    adapters = MemoryAdapters(clock, LoginLimits(account=None, address=None))
    with closing(sqlite3.connect(":memory:")) as database:
        adapters.orders = SqliteOrderRepository(database)
        yield adapters


class TestSqliteOrderRepository(OrderRepositorySuite): ...
