from datetime import timedelta

import pytest

from latchkey.domain.throttling.rate import Rate
from latchkey.entrypoints.settings.values import (
    boolean,
    cookie_name,
    duration,
    integer,
    names,
    origins,
    rate,
    text,
)

anything = duration(timedelta(0), timedelta(days=1_000))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("900", 900),
        ("900s", 900),
        ("15m", 900),
        ("PT15M", 900),
        ("PT900S", 900),
        ("2h", 7_200),
        ("7d", 604_800),
        ("1w", 604_800),
        ("P7D", 604_800),
        ("P1DT1H1M1S", 90_061),
        ("0", 0),
    ],
)
def test_a_duration_can_be_written_in_each_documented_form(text: str, seconds: int) -> None:
    assert anything(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "15 m", "m", "-5", "1.5h", "15x", "P1M", "\uff11\uff15"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a duration"):
        anything(text)


def test_a_duration_keeps_to_its_bounds_both_included() -> None:
    parse = duration(timedelta(seconds=1), timedelta(seconds=60))

    assert parse("1") == timedelta(seconds=1)
    assert parse("60") == timedelta(seconds=60)
    for outside in ("0", "61"):
        with pytest.raises(ValueError, match="must be from 1s to 60s"):
            parse(outside)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ValueError, match="must be UTF-8"):
        text(b"latchkey\xff".decode(errors="surrogateescape"))

    assert text("schlüssel") == "schlüssel"


def test_a_rate_is_a_count_in_a_time_or_off() -> None:
    assert rate("10/15m") == Rate(count=10, period=timedelta(minutes=15))
    assert rate("off") is None


@pytest.mark.parametrize("text", ["10", "/15m", "0/15m", "10/", "10/0", "-1/15m", "ten/15m"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a rate"):
        rate(text)


def test_a_number_keeps_to_its_bounds_both_included() -> None:
    parse = integer(1, 9)

    assert (parse("1"), parse("9")) == (1, 9)
    for outside in ("0", "10", "x", "1.0", "+1", " 1"):
        with pytest.raises(ValueError, match="whole number from 1 to 9"):
            parse(outside)


def test_words_for_yes_and_no_are_read_whatever_their_case() -> None:
    assert [boolean(word) for word in ("true", "TRUE", "1", "yes", "on")] == [True] * 5
    assert [boolean(word) for word in ("false", "False", "0", "no", "off")] == [False] * 5


def test_a_list_is_separated_by_commas_or_blanks() -> None:
    assert names("a, b  c,d") == ("a", "b", "c", "d")


@pytest.mark.parametrize(
    "text",
    ["null", "app.example.com", "https://app.example.com/", "https://*.example.com/x", "ftp://a"],
)
def test_what_is_no_exact_origin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="exact origins"):
        origins(text)


@pytest.mark.requirement("CK-2")
def test_a_cookies_name_may_have_the_prefix_that_its_path_allows() -> None:
    assert cookie_name("__Secure-refresh_token") == "__Secure-refresh_token"
    with pytest.raises(ValueError, match="__Secure-"):
        cookie_name("__host-refresh_token")
