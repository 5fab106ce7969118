"""What a clock promises."""

from datetime import timedelta

from latchkey.domain.kernel.clock import Clock


class ClockSuite:
    """All that a clock promises. Asks for the fixture `clock`."""

    def test_an_instant_is_aware_and_utc(self, clock: Clock) -> None:
        now = clock.now()

        assert now.utcoffset() == timedelta(0)

    def test_time_never_goes_back(self, clock: Clock) -> None:
        instants = [clock.now() for _ in range(1000)]

        assert instants == sorted(instants)
