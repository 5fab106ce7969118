import pytest

from latchkey.entrypoints.http.pipeline.cors import OriginPolicy

OWN = "https://auth.example.com"
POLICY = OriginPolicy(frozenset({"https://app.example.com"}))


def headers(origin: str | None, site: str | None) -> dict[bytes, bytes]:
    sent = {"origin": origin, "sec-fetch-site": site}
    return {name.encode(): value.encode() for name, value in sent.items() if value is not None}


@pytest.mark.parametrize(
    ("origin", "site", "is_admitted"),
    [
        (None, None, True),
        (None, "none", True),
        (None, "same-origin", True),
        (None, "same-site", False),
        (None, "cross-site", False),
        (OWN, None, True),
        (OWN, "same-origin", True),
        (OWN, "cross-site", False),
        (OWN, "same-site", False),
        ("https://app.example.com", None, True),
        ("https://app.example.com", "same-site", True),
        ("https://app.example.com", "cross-site", True),
        ("https://app.example.com.evil.test", "cross-site", False),
        ("https://evil.test", None, False),
        ("https://evil.test", "same-origin", False),
        ("http://auth.example.com", None, False),
        ("https://AUTH.example.com", None, False),
        ("null", None, False),
        ("null", "same-origin", False),
        ("", None, False),
    ],
)
def test_only_own_and_listed_pages_may_use_the_cookie(
    origin: str | None, site: str | None, *, is_admitted: bool
) -> None:
    assert POLICY.allows(headers(origin, site), OWN) is is_admitted


def test_a_listed_origin_may_read_answers_with_credentials() -> None:
    answer = dict(POLICY.headers_for(b"https://app.example.com"))

    assert answer[b"access-control-allow-origin"] == b"https://app.example.com"
    assert answer[b"access-control-allow-credentials"] == b"true"
    assert answer[b"vary"] == b"Origin"


@pytest.mark.parametrize(
    "origin", [None, b"null", b"*", b"https://aXexample.com", b"https://app.example.com:444"]
)
def test_another_origin_gets_no_leave_but_caches_learn_that_it_matters(
    origin: bytes | None,
) -> None:
    assert POLICY.headers_for(origin) == ((b"vary", b"Origin"),)


def test_without_listed_origins_there_is_no_cors_at_all() -> None:
    assert OriginPolicy(frozenset()).headers_for(b"https://app.example.com") == ()


def test_a_preflight_is_answered_and_only_a_listed_origin_learns_the_methods() -> None:
    asks = {b"access-control-request-method": b"POST"}

    assert POLICY.preflight("OPTIONS", {**asks, b"origin": b"https://app.example.com"})
    assert POLICY.preflight("OPTIONS", {**asks, b"origin": b"https://evil.test"}) == ()
    assert POLICY.preflight("OPTIONS", {}) is None
    assert POLICY.preflight("GET", asks) is None
