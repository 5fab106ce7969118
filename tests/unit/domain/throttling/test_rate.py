"""How fast something may be tried: the generic cell rate algorithm."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.throttling.rate import Rate
from latchkey.testing.frozen_clock import START

MICROSECOND = timedelta(microseconds=1)
RATES = st.builds(
    Rate,
    count=st.integers(1, 500),
    period=st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=1)),
)
PAUSES = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=1))
TEN_A_QUARTER = Rate(count=10, period=timedelta(minutes=15))


def admitted(rate: Rate, instants: list[datetime]) -> list[datetime]:
    """Try at each instant, and tell which attempts went on."""
    full_until, went_on = None, []
    for now in instants:
        if rate.wait(full_until, now) is None:
            full_until = rate.counted(full_until, now)
            went_on.append(now)
    return went_on


@pytest.mark.parametrize(("count", "seconds"), [(3, 2), (6, 1), (7, 60), (10, 900), (100, 900)])
def test_just_so_many_go_on_at_once(count: int, seconds: int) -> None:
    rate = Rate(count=count, period=timedelta(seconds=seconds))

    assert len(admitted(rate, [START] * (count + 5))) == count


@given(rate=RATES)
def test_just_so_many_go_on_at_once_at_any_rate(rate: Rate) -> None:
    assert len(admitted(rate, [START] * (rate.count + 5))) == rate.count


@given(rate=RATES)
def test_whoever_waits_as_told_goes_on_and_nobody_earlier(rate: Rate) -> None:
    full_until = None
    for _ in range(rate.count):
        full_until = rate.counted(full_until, START)

    wait = rate.wait(full_until, START)

    assert wait is not None
    assert wait > timedelta(0)
    assert rate.wait(full_until, START + wait) is None
    assert rate.wait(full_until, START + wait - MICROSECOND) == MICROSECOND


@given(
    rate=RATES,
    pauses=st.lists(st.just(timedelta(0)) | PAUSES, max_size=60),
)
def test_no_stretch_of_time_lets_more_through_than_a_burst_and_what_comes_back(
    rate: Rate, pauses: list[timedelta]
) -> None:
    instants = [START]
    for pause in pauses:
        instants.append(instants[-1] + pause)

    went_on = admitted(rate, instants)

    for index, first in enumerate(went_on):
        for number, last in enumerate(went_on[index:], start=1):
            came_back = (last - first) // rate.interval
            assert number <= rate.period // rate.interval + came_back


def test_one_attempt_comes_back_each_interval() -> None:
    instants = [START] * 10 + [START + each * TEN_A_QUARTER.interval for each in range(1, 6)]

    assert admitted(TEN_A_QUARTER, instants) == instants


def test_a_refused_attempt_is_not_counted() -> None:
    instants = [START] * 1000 + [START + TEN_A_QUARTER.interval]

    assert len(admitted(TEN_A_QUARTER, instants)) == 11


def test_nothing_is_left_of_attempts_after_a_period() -> None:
    later = START + TEN_A_QUARTER.period

    assert len(admitted(TEN_A_QUARTER, [START] * 10 + [later] * 20)) == 20


def test_time_that_nobody_used_is_not_saved_up() -> None:
    later = START + 10 * TEN_A_QUARTER.period

    assert len(admitted(TEN_A_QUARTER, [START] + [later] * 20)) == 11


def test_a_time_that_went_back_counts_on_from_the_later_instant() -> None:
    full_until = TEN_A_QUARTER.counted(None, START)

    again = TEN_A_QUARTER.counted(full_until, START - timedelta(hours=1))

    assert again == START + 2 * TEN_A_QUARTER.interval


def test_a_rate_can_be_multiplied() -> None:
    fifty = TEN_A_QUARTER.times(5)

    assert fifty == Rate(count=50, period=timedelta(minutes=15))
    assert fifty.interval == timedelta(seconds=18)
