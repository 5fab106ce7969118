from datetime import timedelta
from typing import TypeVar

import pytest

from latchkey.domain.throttling.rate import Rate
from latchkey.entrypoints.settings.groups.sessions import COOKIE_NAME
from latchkey.entrypoints.settings.kinds import (
    BOOLEAN,
    DOMAINS,
    HOSTS,
    HTTPS_ORIGINS,
    ORIGINS,
    PATH,
    RATE,
    TEXT,
    Kind,
    always,
    duration,
    integer,
    items,
    one_of,
    optional,
)

T = TypeVar("T")
ANYTHING = duration(timedelta(0), timedelta(days=1_000))


def accepts(kind: Kind[T], text: str) -> bool:
    try:
        value = kind.parse(text)
    except ValueError:
        return False
    return not [*kind.check(value)]


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
    assert ANYTHING.parse(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "15 m", "m", "-5", "1.5h", "15x", "P1M", "\uff11\uff15", "999999999w"],
)
def test_any_other_form_of_a_duration_is_refused(text: str) -> None:
    assert not accepts(ANYTHING, text)
    assert not accepts(RATE, f"1/{text}")


def test_a_duration_keeps_to_its_bounds_both_included() -> None:
    kind = duration(timedelta(seconds=1), timedelta(hours=1))

    assert [accepts(kind, text) for text in ("0", "1", "60m", "3601")] == [False, True, True, False]
    assert kind.form == "a duration from 1s to 1h"


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(0), "0s"),
        (timedelta(seconds=90), "90s"),
        (timedelta(minutes=90), "90m"),
        (timedelta(hours=36), "36h"),
        (timedelta(days=366), "366d"),
        (timedelta(weeks=2), "2w"),
    ],
)
def test_a_bound_is_written_as_it_would_be_set(length: timedelta, written: str) -> None:
    assert duration(length, length).form == f"a duration from {written} to {written}"
    assert ANYTHING.parse(written) == length


def test_text_is_utf8() -> None:
    assert accepts(TEXT, "schlüssel")
    assert not accepts(TEXT, b"latchkey\xff".decode(errors="surrogateescape"))


def test_a_rate_is_a_count_in_a_time_or_off() -> None:
    assert RATE.parse("10/15m") == Rate(count=10, period=timedelta(minutes=15))
    assert RATE.parse("off") is None


@pytest.mark.parametrize("text", ["10", "/15m", "0/15m", "10/", "10/0", "-1/15m", "ten/15m"])
def test_any_other_form_of_a_rate_is_refused(text: str) -> None:
    assert not accepts(RATE, text)


def test_a_number_keeps_to_its_bounds_both_included() -> None:
    kind = integer(1, 9)

    assert (kind.parse("1"), kind.parse("9")) == (1, 9)
    assert not any(accepts(kind, text) for text in ("0", "10", "x", "1.0", "+1", " 1", "\u0663"))
    assert kind.form == "a whole number from 1 to 9"


def test_words_for_yes_and_no_are_read_whatever_their_case() -> None:
    assert [BOOLEAN.parse(word) for word in ("true", "TRUE", "1", "yes", "on")] == [True] * 5
    assert [BOOLEAN.parse(word) for word in ("false", "False", "0", "no", "off")] == [False] * 5


def test_of_a_choice_the_case_does_not_matter() -> None:
    kind = one_of("debug", "info", "error")

    assert kind.parse("INFO") == "info"
    assert not accepts(kind, "loud")
    assert kind.form == "debug, info or error"


def test_a_list_is_separated_by_commas_or_blanks() -> None:
    assert items("a, b  c,d") == ("a", "b", "c", "d")


def test_what_is_optional_is_none_where_it_is_empty_and_else_as_strict() -> None:
    assert optional(PATH).parse("") is None
    assert not accepts(optional(integer(1, 9)), "10")
    assert not accepts(optional(always(value=True, form="true")), "false")


@pytest.mark.parametrize(
    "text",
    [
        *("https://app.example.com", "http://[::1]:3000", "http://a:8000", "https://a_b.example."),
        *("capacitor://localhost", "tauri://localhost", "app://-", "https://tauri.localhost"),
        "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
        "safari-web-extension://E2449985-35C5-4A47-B2A5-0D4A7B1F2C11",
    ],
)
def test_an_origin_that_browsers_send_is_accepted(text: str) -> None:
    assert accepts(ORIGINS, text)


NO_ORIGINS = {
    "https://App.Example.com": "has upper-case letters (write https://app.example.com)",
    "https://app.example.com:443": "has the default port (write https://app.example.com)",
    "http://app.example.com:80": "has the default port (write http://app.example.com)",
    "https://*.example.com": "has a wildcard",
    "https://user@app.example.com": "has a user name",
    "https://app.example.com/": "has a path",
    "https://a?b": "has a path",
    "https://a#b": "has a path",
    "https://\u00fc.example": "is not ASCII (write the xn-- form of the domain)",
    "https://::1": "has no brackets (write [::1])",
    "https://[0:0::1]:8000": "is not the short form of the address (write [::1])",
    "https://[::g]": "is not an IPv6 address in brackets",
    "https://a:b": "is not a host with or without a port",
    "https://a:0": "is not a host with or without a port",
    "https://a:65536": "is not a host with or without a port",
    "https://[": "is not a host with or without a port",
    "https://a~": "is not a host with or without a port",
    "capacitor://*": "has a wildcard",
    "null": "is not an origin that browsers send",
    "*": "is not an origin that browsers send",
    "app.example.com": "is not an origin that browsers send",
    "HTTPS://app.example.com": "is not an origin that browsers send",
    "https://": "is not an origin that browsers send",
    "file:///srv": "is not an origin that browsers send",
    "ws://app.example.com": "is not an origin that browsers send",
}


@pytest.mark.requirement("CK-10")
@pytest.mark.parametrize(("text", "fault"), NO_ORIGINS.items())
def test_an_origin_that_no_browser_sends_is_named_with_what_is_wrong(text: str, fault: str) -> None:
    origins = ORIGINS.parse(f"https://app.example.com,{text}")

    assert [*ORIGINS.check(origins)] == [f"contains {text!r}, which {fault}"]


def test_origins_of_production_are_https_or_of_apps() -> None:
    origins = HTTPS_ORIGINS.parse("https://a.example http://b.example ionic://c http://localhost")

    assert [*HTTPS_ORIGINS.check(origins)] == [
        "contains 'http://b.example', which is not https",
        "contains 'http://localhost', which is not https",
    ]


@pytest.mark.parametrize(
    "text", ["auth.example.com", "Auth.Example.com:8443", "10.0.0.1", "[::1]", "[2001:DB8::1]:443"]
)
def test_a_host_that_clients_send_is_accepted_in_any_case(text: str) -> None:
    assert accepts(HOSTS, text)
    assert HOSTS.parse(text) == {text.lower()}


NO_HOSTS = {
    "::1": "has no brackets (write [::1])",
    "[0::1]": "is not the short form of the address (write [::1])",
    "*.example.com": "has a wildcard",
    "https://a": "has a scheme",
    "a/b": "has a path",
    "u@a": "has a user name",
    "a:b": "is not a host with or without a port",
    "b\u00fccher.example": "is not ASCII (write the xn-- form of the domain)",
}


@pytest.mark.parametrize(("text", "fault"), NO_HOSTS.items())
def test_a_host_that_no_client_sends_is_named_with_what_is_wrong(text: str, fault: str) -> None:
    hosts = HOSTS.parse(f"auth.example.com {text}")

    assert [*HOSTS.check(hosts)] == [f"contains {text!r}, which {fault}"]


@pytest.mark.requirement("CK-2")
def test_a_cookies_name_may_have_the_prefix_that_its_path_allows() -> None:
    assert accepts(COOKIE_NAME, "__Secure-refresh_token")
    assert not accepts(COOKIE_NAME, "__host-refresh_token")
    assert not accepts(COOKIE_NAME, "refresh token")


def test_domains_are_read_as_those_of_addresses_are() -> None:
    domains = DOMAINS.parse("Example.ORG, b\u00fccher.example\tfa\u00df.example")

    assert domains == {"example.org", "xn--bcher-kva.example", "xn--fa-hia.example"}
    assert DOMAINS.parse("") == frozenset()


@pytest.mark.parametrize("text", ["a b_c", "*.example.org", "@example.org", "example.org.", "-a"])
def test_what_is_no_domain_is_rejected(text: str) -> None:
    assert not accepts(DOMAINS, text)
