"""When a sign-in is fresh enough."""

from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.factors.authentication import Level
from latchkey.domain.factors.errors import ReauthenticationRequiredError
from latchkey.domain.factors.freshness import check_fresh
from latchkey.testing.frozen_clock import START

MAX_AGE: Final = timedelta(minutes=5)
AGES: Final = st.timedeltas(min_value=-timedelta(days=1), max_value=timedelta(days=400))


def is_fresh(age: timedelta, level: Level, *, has_second_factor: bool) -> bool:
    try:
        check_fresh(START, level, START + age, max_age=MAX_AGE, has_second_factor=has_second_factor)
    except ReauthenticationRequiredError:
        return False
    return True


@given(AGES, st.sampled_from(Level), st.booleans())
def test_a_sign_in_is_fresh_if_it_is_recent_and_has_proven_all_there_is(
    age: timedelta,
    level: Level,
    has_second_factor: bool,  # noqa: FBT001 - drawn from both
) -> None:
    is_complete = level is Level.TWO_FACTORS if has_second_factor else True

    expected = age <= MAX_AGE and is_complete
    assert is_fresh(age, level, has_second_factor=has_second_factor) is expected


@pytest.mark.parametrize(
    ("age", "expected"), [(MAX_AGE, True), (MAX_AGE + timedelta(microseconds=1), False)]
)
def test_the_last_instant_counts(age: timedelta, expected: bool) -> None:  # noqa: FBT001 - what is expected
    assert is_fresh(age, Level.TWO_FACTORS, has_second_factor=True) is expected


def test_the_error_tells_how_old_a_sign_in_may_be() -> None:
    with pytest.raises(ReauthenticationRequiredError) as refused:
        check_fresh(
            START, Level.ONE_FACTOR, START + 2 * MAX_AGE, max_age=MAX_AGE, has_second_factor=False
        )

    assert refused.value.max_age == MAX_AGE
