"""A service on memory for each test."""

import pytest

from latchkey.testing.frozen_clock import FrozenClock
from unit.application.service import Service


@pytest.fixture
def service(clock: FrozenClock) -> Service:
    return Service(clock)
