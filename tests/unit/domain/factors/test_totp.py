"""Codes of authenticator apps: the vectors of the RFCs, and when a code is accepted."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.factors.totp import (
    DRIFT,
    SECRET_BYTES,
    STEP,
    accepted_step,
    start_of,
    step_at,
    totp,
)
from latchkey.testing.frozen_clock import START

VECTOR_SECRET: Final = b"12345678901234567890"
HOTP_VECTORS: Final = (  # RFC 4226, appendix D
    "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489"
)
TOTP_VECTORS: Final = {  # RFC 6238, appendix B (SHA-1): the last six of the eight digits
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}
NOW: Final = step_at(START)
SAME: Final = (910737, 910738)  # two steps in a row with the same code, found by trying
MICROSECOND: Final = timedelta(microseconds=1)

some_secrets = st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES)
instants = st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1))  # noqa: DTZ001 - as Hypothesis asks for


def code_at(step: int) -> str:
    return totp(VECTOR_SECRET, step)


def accepted(typed: str, now: datetime = START, spent: int | None = None) -> int | None:
    return accepted_step(VECTOR_SECRET, typed, now, spent)


def test_the_codes_are_those_of_rfc_4226() -> None:
    assert [code_at(counter) for counter in range(10)] == HOTP_VECTORS.split()


@pytest.mark.parametrize("second", TOTP_VECTORS)
def test_the_codes_are_those_of_rfc_6238(second: int) -> None:
    assert code_at(step_at(datetime.fromtimestamp(second, UTC))) == TOTP_VECTORS[second]


@given(instants)
def test_a_step_begins_at_or_before_its_instants_and_the_next_one_after_them(at: datetime) -> None:
    step = step_at(at)

    assert start_of(step) <= at < start_of(step) + STEP


@pytest.mark.parametrize("drift", range(-DRIFT, DRIFT + 1))
def test_a_code_is_accepted_for_its_step_in_the_whole_of_the_window(drift: int) -> None:
    first = start_of(NOW)

    for now in (first, first + STEP - MICROSECOND):
        assert accepted(code_at(NOW + drift), now) == NOW + drift


@pytest.mark.parametrize("drift", [-DRIFT - 1, DRIFT + 1])
def test_a_code_out_of_the_window_is_wrong(drift: int) -> None:
    assert accepted(code_at(NOW + drift)) is None


def test_one_step_either_side_is_the_window() -> None:
    window = (DRIFT, STEP)

    assert window == (1, timedelta(seconds=30))


def test_a_code_is_accepted_once() -> None:
    assert accepted(code_at(NOW), spent=NOW) is None


def test_no_code_before_a_spent_one_is_accepted() -> None:
    assert accepted(code_at(NOW - 1), spent=NOW) is None
    assert accepted(code_at(NOW), spent=NOW + 1) is None


def test_a_code_after_a_spent_one_is_accepted() -> None:
    assert accepted(code_at(NOW), spent=NOW - 1) == NOW
    assert accepted(code_at(NOW + 1), spent=NOW) == NOW + 1


def test_a_code_that_two_steps_have_is_spent_for_both() -> None:
    earlier, later = SAME
    assert code_at(earlier) == code_at(later)

    assert accepted(code_at(later), start_of(earlier)) == later
    assert accepted(code_at(later), start_of(later), spent=later) is None


@pytest.mark.parametrize("typed", ["{} {}", " {}{} ", "\t{}\u00a0{}\n"])
def test_blanks_are_ignored(typed: str) -> None:
    code = code_at(NOW)

    assert accepted(typed.format(code[:3], code[3:])) == NOW


@pytest.mark.parametrize(
    "typed",
    [
        "",
        code_at(NOW)[1:],
        "0" + code_at(NOW),
        code_at(NOW) + "0",
        "-" + code_at(NOW),
        code_at(NOW).translate({48 + digit: 0x660 + digit for digit in range(10)}),
        code_at(NOW).translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
        code_at(NOW).translate({48 + digit: 0x1D7CE + digit for digit in range(10)}),
        "\N{LOCK}" * 6,
        "\ud800" * 6,
        "\x00" + code_at(NOW),
    ],
    ids=ascii,
)
def test_any_other_text_is_a_wrong_code(typed: str) -> None:
    assert accepted(typed) is None


@pytest.mark.parametrize("now", [start_of(0), start_of(-1), datetime.min.replace(tzinfo=UTC)])
def test_before_the_first_step_there_is_no_code(now: datetime) -> None:
    assert accepted("000000", now) is None


@given(some_secrets, st.text(), st.datetimes(timezones=st.just(UTC)), st.none() | st.integers())
def test_any_text_at_any_time_is_answered(
    secret: bytes, typed: str, now: datetime, spent: int | None
) -> None:
    step = accepted_step(secret, typed, now, spent)

    assert step is None or totp(secret, step) == "".join(typed.split())


@given(some_secrets, instants, st.integers(-DRIFT - 2, DRIFT + 2), st.integers(-3, 3))
def test_what_is_accepted_is_in_the_window_and_after_what_was_spent(
    secret: bytes, now: datetime, drift: int, spent: int
) -> None:
    current = step_at(now)
    typed = totp(secret, max(current + drift, 0))

    step = accepted_step(secret, typed, now, current + spent)

    assert step is None or (abs(step - current) <= DRIFT and step > current + spent)
