"""The system's clock keeps what the port promises."""

from datetime import UTC, datetime

import pytest

from contract.ports.clock import ClockSuite
from latchkey.adapters.system import SystemClock


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


class TestSystemClock(ClockSuite):
    def test_it_is_the_time_of_this_machine(self, clock: SystemClock) -> None:
        before = datetime.now(UTC)

        now = clock.now()

        assert before <= now <= datetime.now(UTC)
