"""The shop's orders keep what their port promises."""

import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.testing.ports import OrderRepositorySuite


@pytest.fixture
def storage(latchkey_storage: MemoryStorage) -> MemoryStorage:
    return latchkey_storage


class TestSqliteOrderRepository(OrderRepositorySuite): ...
