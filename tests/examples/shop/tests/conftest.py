"""What the shop's tests run on: Latchkey in memory, but for the orders."""

from pathlib import Path

import pytest

from adapters.sqlite_orders import SqliteOrderRepository
from latchkey.adapters.memory import MemoryStorage


@pytest.fixture
def latchkey_storage(latchkey_storage: MemoryStorage, tmp_path: Path) -> MemoryStorage:
    latchkey_storage.orders = SqliteOrderRepository(tmp_path / "orders.db")
    return latchkey_storage


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
