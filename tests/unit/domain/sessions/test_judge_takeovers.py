"""What a token that is ahead of its session means after a takeover of the storage."""

from datetime import datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.judge import MOST_LOST, Over, Verdict, judge
from unit.domain.sessions.test_judge import (
    AFTER,
    FOUND,
    GRACE,
    LAST,
    MICROSECOND,
    POLICY,
    WITHIN,
    session_found,
    token_of,
)

MOMENTS: Final = st.timedeltas(min_value=-timedelta(days=40), max_value=timedelta(days=40))


@pytest.mark.parametrize("since", [MICROSECOND, timedelta(days=1)])
@pytest.mark.parametrize("step", range(2, MOST_LOST + 1))
def test_rotations_that_a_takeover_lost_are_made_up_for(step: int, since: timedelta) -> None:
    verdict = judge(FOUND, token_of(step), LAST + 2 * since, POLICY, LAST + since)

    assert verdict is Verdict.FAST_FORWARD


@pytest.mark.parametrize("step", range(2, MOST_LOST + 1))
@pytest.mark.parametrize("before", [timedelta(0), MICROSECOND, timedelta(days=1)])
def test_a_takeover_before_the_last_rotation_has_lost_none(step: int, before: timedelta) -> None:
    verdict = judge(FOUND, token_of(step), LAST + MICROSECOND, POLICY, LAST - before)

    assert verdict is Verdict.NEVER_ISSUED


@pytest.mark.parametrize("step", [MOST_LOST + 1, MOST_LOST + 2, 2**31, 2**32 - 1 - 100])
def test_no_takeover_loses_more_rotations_than_that(step: int) -> None:
    verdict = judge(FOUND, token_of(step), LAST + GRACE, POLICY, LAST + MICROSECOND)

    assert verdict is Verdict.NEVER_ISSUED


@pytest.mark.parametrize("taken_over_at", [LAST - GRACE, LAST, LAST + GRACE])
@pytest.mark.parametrize("age", WITHIN + AFTER)
@pytest.mark.parametrize("step", range(-4, 2))
def test_a_takeover_changes_no_other_verdict(
    step: int, age: timedelta, taken_over_at: datetime
) -> None:
    found = session_found(previously_rotated_at=LAST - MICROSECOND)
    token, now = token_of(step), LAST + age

    assert judge(found, token, now, POLICY, taken_over_at) is judge(found, token, now, POLICY)


@pytest.mark.parametrize("step", [2, MOST_LOST])
@pytest.mark.parametrize("reason", EndReason)
def test_a_takeover_revives_no_session(step: int, reason: EndReason) -> None:
    found = session_found(end_reason=reason)

    verdict = judge(found, token_of(step), LAST + GRACE, POLICY, LAST + MICROSECOND)

    assert verdict == Over(reason)


@given(
    current=st.integers(90, 110),
    presented=st.integers(90, 130),
    age=MOMENTS,
    taken_over=MOMENTS,
)
def test_a_takeover_explains_tokens_that_are_ahead_and_nothing_else(
    current: int, presented: int, age: timedelta, taken_over: timedelta
) -> None:
    found, token, now = session_found(generation=current), token_of(presented - 100), LAST + age

    verdict = judge(found, token, now, POLICY, LAST + taken_over)

    is_explained = taken_over > timedelta(0) and 1 < presented - current <= MOST_LOST
    unexplained = judge(found, token, now, POLICY)
    is_over = isinstance(unexplained, Over)
    assert verdict == (Verdict.FAST_FORWARD if is_explained and not is_over else unexplained)
