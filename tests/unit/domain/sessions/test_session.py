"""Sessions by themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import Session
from latchkey.testing.factories import UserFactory, refresh_token
from latchkey.testing.frozen_clock import START

IDLE = timedelta(days=7)
TOKEN = refresh_token(absolute=timedelta(days=30))
SESSION = Session.begin(TOKEN, UserFactory.build().id, START)


def test_a_session_begins_with_what_its_first_token_says() -> None:
    assert SESSION.id == TOKEN.session_id
    assert SESSION.secret_hash == TOKEN.secret_hash
    assert SESSION.expires_at == TOKEN.expires_at
    assert (SESSION.generation, SESSION.rotated_at) == (0, START)
    assert SESSION.previously_rotated_at is None


def test_a_session_that_has_begun_is_not_over() -> None:
    assert SESSION.end_reason_at(START, IDLE) is None


def test_a_session_lasts_as_long_as_it_may_be_idle() -> None:
    assert SESSION.remaining(START + timedelta(days=1), IDLE) == timedelta(days=6)


def test_a_session_never_lasts_beyond_its_absolute_expiry() -> None:
    rotated = replace(SESSION, rotated_at=SESSION.expires_at - timedelta(hours=1))

    remaining = rotated.remaining(rotated.rotated_at, IDLE)

    assert remaining == timedelta(hours=1)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1), timedelta(days=99)])
def test_a_session_that_is_over_does_not_last(late: timedelta) -> None:
    assert SESSION.remaining(START + IDLE + late, IDLE) == timedelta(0)


def test_a_session_that_has_expired_is_over() -> None:
    assert SESSION.end_reason_at(START + IDLE, IDLE) is EndReason.EXPIRED


def test_a_token_of_another_generation_is_the_same_but_for_that() -> None:
    third = TOKEN.with_generation(3)

    assert third == replace(TOKEN, generation=3)
    assert third.secret_hash == TOKEN.secret_hash
