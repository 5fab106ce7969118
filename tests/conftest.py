"""What every test may ask for."""

import pytest
from hypothesis import settings

from frozen_clock import FrozenClock

pytest.register_assert_rewrite("contract.ports")

settings.register_profile("latchkey", deadline=None)  # a busy machine is no bug
settings.load_profile("latchkey")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()
