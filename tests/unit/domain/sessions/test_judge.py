"""What a presented refresh token means: the table of docs/flow.md, written down once more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.judge import Over, Verdict, judge
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import Session, SessionPolicy, UserSession
from latchkey.testing.factories import UserFactory, refresh_token
from latchkey.testing.frozen_clock import START

GRACE: Final = timedelta(seconds=10)
POLICY: Final = SessionPolicy(
    idle=timedelta(days=7), absolute=timedelta(days=30), grace=GRACE, per_user=10
)
MICROSECOND: Final = timedelta(microseconds=1)
TOKEN: Final = refresh_token(START, generation=100)
USER: Final = UserFactory.build()

# the session is at generation 100: since a day, and before that it was at 99 for an hour
PREVIOUSLY: Final = START + timedelta(days=1)
LAST: Final = PREVIOUSLY + timedelta(hours=1)
SESSION: Final = replace(
    Session.begin(TOKEN, USER.id, START), rotated_at=LAST, previously_rotated_at=PREVIOUSLY
)
FOUND: Final = UserSession(session=SESSION, user=USER)

WITHIN: Final = [
    -timedelta(hours=1),
    -MICROSECOND,
    timedelta(0),
    MICROSECOND,
    GRACE - MICROSECOND,
    GRACE,
]
AFTER: Final = [GRACE + MICROSECOND, 2 * GRACE, timedelta(days=1)]

WHATEVER_ITS_AGE: Final = {
    -100: Verdict.REUSE,
    -99: Verdict.REUSE,
    -4: Verdict.REUSE,
    -3: Verdict.REUSE,
    0: Verdict.ROTATE,
    1: Verdict.FAST_FORWARD,
    2: Verdict.NEVER_ISSUED,
    3: Verdict.NEVER_ISSUED,
    4: Verdict.NEVER_ISSUED,
    2**31: Verdict.NEVER_ISSUED,
    2**32 - 1 - 100: Verdict.NEVER_ISSUED,
}


def token_of(step: int) -> RefreshToken:
    return TOKEN.with_generation(100 + step)


def session_found(**changes: Any) -> UserSession:  # noqa: ANN401 - whatever the field holds
    return replace(FOUND, session=replace(SESSION, **changes))


@pytest.mark.parametrize("age", WITHIN + AFTER)
@pytest.mark.parametrize(("step", "expected"), WHATEVER_ITS_AGE.items())
def test_most_generations_mean_the_same_at_any_age(
    step: int, expected: Verdict, age: timedelta
) -> None:
    verdict = judge(FOUND, token_of(step), LAST + age, POLICY)

    assert verdict is expected


@pytest.mark.parametrize("age", WITHIN)
def test_the_token_before_is_answered_again_within_the_grace(age: timedelta) -> None:
    verdict = judge(FOUND, token_of(-1), LAST + age, POLICY)

    assert verdict is Verdict.REPLAY


@pytest.mark.parametrize("age", AFTER)
def test_the_token_before_is_theft_after_the_grace(age: timedelta) -> None:
    verdict = judge(FOUND, token_of(-1), LAST + age, POLICY)

    assert verdict is Verdict.REUSE


@pytest.mark.parametrize("age", WITHIN)
def test_the_token_before_that_is_superseded_within_the_grace(age: timedelta) -> None:
    found = session_found(previously_rotated_at=LAST - MICROSECOND)

    verdict = judge(found, token_of(-2), LAST - MICROSECOND + age, POLICY)

    assert verdict is Verdict.SUPERSEDED


@pytest.mark.parametrize("age", AFTER)
def test_the_token_before_that_is_theft_after_the_grace(age: timedelta) -> None:
    found = session_found(previously_rotated_at=LAST - MICROSECOND)

    verdict = judge(found, token_of(-2), LAST - MICROSECOND + age, POLICY)

    assert verdict is Verdict.REUSE


def test_the_token_before_that_is_judged_by_when_it_retired_itself() -> None:
    verdict = judge(FOUND, token_of(-2), LAST, POLICY)

    assert verdict is Verdict.REUSE


def test_a_token_that_retired_before_the_first_rotation_is_theft() -> None:
    found = session_found(previously_rotated_at=None)

    verdict = judge(found, token_of(-2), LAST, POLICY)

    assert verdict is Verdict.REUSE


@pytest.mark.parametrize("step", [-1, -2])
@pytest.mark.parametrize("age", [-MICROSECOND, timedelta(0), MICROSECOND])
def test_without_a_grace_every_retired_token_is_theft(step: int, age: timedelta) -> None:
    found = session_found(previously_rotated_at=LAST)

    verdict = judge(found, token_of(step), LAST + age, replace(POLICY, grace=timedelta(0)))

    assert verdict is Verdict.REUSE


@pytest.mark.parametrize("step", [-3, -2, -1, 0, 1, 2])
@pytest.mark.parametrize("reason", EndReason)
def test_a_session_that_ended_is_over_for_its_reason(step: int, reason: EndReason) -> None:
    found = session_found(end_reason=reason)

    verdict = judge(found, token_of(step), LAST + MICROSECOND, POLICY)

    assert verdict == Over(reason)


@pytest.mark.parametrize("step", [-3, -2, -1, 0, 1, 2])
def test_the_session_of_a_disabled_user_is_over(step: int) -> None:
    found = replace(FOUND, user=replace(USER, disabled_at=START))

    verdict = judge(found, token_of(step), LAST, POLICY)

    assert verdict == Over(EndReason.USER_DISABLED)


def test_why_a_session_ended_counts_more_than_that_its_user_is_disabled() -> None:
    ended = replace(SESSION, end_reason=EndReason.LOGGED_OUT)
    found = UserSession(session=ended, user=replace(USER, disabled_at=START))

    verdict = judge(found, token_of(0), LAST, POLICY)

    assert verdict == Over(EndReason.LOGGED_OUT)


def test_why_a_session_ended_counts_more_than_that_it_would_have_expired() -> None:
    found = session_found(end_reason=EndReason.REVOKED)

    verdict = judge(found, token_of(0), LAST + timedelta(days=365), POLICY)

    assert verdict == Over(EndReason.REVOKED)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (POLICY.idle - MICROSECOND, Verdict.ROTATE),
        (POLICY.idle, Over(EndReason.EXPIRED)),
        (POLICY.idle + MICROSECOND, Over(EndReason.EXPIRED)),
    ],
)
def test_a_session_that_is_not_refreshed_is_over_at_its_idle_expiry(
    age: timedelta, expected: Verdict | Over
) -> None:
    verdict = judge(FOUND, token_of(0), LAST + age, POLICY)

    assert verdict == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (MICROSECOND, Verdict.ROTATE),
        (timedelta(0), Over(EndReason.EXPIRED)),
        (-MICROSECOND, Over(EndReason.EXPIRED)),
    ],
)
def test_a_session_is_over_at_its_absolute_expiry_however_busy(
    before: timedelta, expected: Verdict | Over
) -> None:
    found = session_found(rotated_at=SESSION.expires_at - timedelta(seconds=1))

    verdict = judge(found, token_of(0), SESSION.expires_at - before, POLICY)

    assert verdict == expected


@pytest.mark.parametrize("step", [-3, -2, -1, 0, 1, 2])
@pytest.mark.parametrize("secret", [bytes(16), TOKEN.secret[:15] + b"?", b""])
def test_to_a_token_that_does_not_know_the_secret_any_session_reads_as_expired(
    step: int, secret: bytes
) -> None:
    found = session_found(end_reason=EndReason.REUSE_DETECTED)

    verdicts = [
        judge(each, replace(token_of(step), secret=secret), LAST, POLICY) for each in (FOUND, found)
    ]

    assert verdicts == [Over(EndReason.EXPIRED)] * 2


@pytest.mark.parametrize("step", [-3, -2, -1, 0, 1, 2])
def test_a_session_that_is_not_there_reads_as_expired(step: int) -> None:
    verdict = judge(None, token_of(step), LAST, POLICY)

    assert verdict == Over(EndReason.EXPIRED)


@given(
    current=st.integers(0, 2**32 - 1),
    presented=st.integers(0, 2**32 - 1),
    age=st.timedeltas(min_value=-timedelta(days=400), max_value=timedelta(days=400)),
    gap=st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=1)),
    grace=st.timedeltas(min_value=timedelta(0), max_value=timedelta(minutes=1)),
)
def test_every_token_means_something_at_any_instant(
    current: int, presented: int, age: timedelta, gap: timedelta | None, grace: timedelta
) -> None:
    found = session_found(
        generation=current, previously_rotated_at=None if gap is None else LAST - gap
    )

    verdict = judge(
        found, TOKEN.with_generation(presented), LAST + age, replace(POLICY, grace=grace)
    )

    assert isinstance(verdict, Verdict | Over)
