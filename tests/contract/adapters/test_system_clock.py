"""The system's clock keeps what the port promises."""

from datetime import UTC, datetime

import pytest

from latchkey.adapters.system import SystemClock
from latchkey.testing.ports.clock import ClockSuite


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


class TestSystemClock(ClockSuite):
    def test_it_is_the_time_of_this_machine(self, clock: SystemClock) -> None:
        before = datetime.now(UTC)

        now = clock.now()

        assert before <= now <= datetime.now(UTC)
