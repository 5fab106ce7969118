from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.mail.backoff import LONGEST, wait_after

ATTEMPTS = st.integers(1, 10_000)
CHANCE = st.floats(0, 1, exclude_max=True)


def test_the_wait_doubles_from_ten_seconds_to_half_an_hour() -> None:
    waits = [wait_after(attempts, 0).total_seconds() for attempts in range(1, 11)]

    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 1800, 1800]


@given(attempts=ATTEMPTS, chance=CHANCE)
def test_chance_shortens_the_wait_by_up_to_a_quarter(attempts: int, chance: float) -> None:
    longest = wait_after(attempts, 0)

    wait = wait_after(attempts, chance)

    assert 0.75 * longest <= wait <= longest <= LONGEST
    assert (chance == 0) == (wait == longest) or longest - wait < timedelta(microseconds=2)


@given(attempts=ATTEMPTS)
def test_chance_tells_the_mails_of_an_outage_apart(attempts: int) -> None:
    waits = {wait_after(attempts, place / 100) for place in range(100)}

    assert len(waits) == 100
