from datetime import timedelta

import pytest

from latchkey.domain.sessions.errors import RefreshTokenInvalidError, RefreshTokenMissingError
from latchkey.entrypoints.http.pipeline.refresh_cookie import RefreshCookie

COOKIE = RefreshCookie(name="refresh_token", is_secure=False)


def sent(*values: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"accept", b"*/*"), *((b"cookie", value) for value in values)]


@pytest.mark.requirement("CK-12")
def test_the_cookie_has_the_documented_attributes() -> None:
    header = COOKIE.write("token", timedelta(seconds=60.9))

    assert header == "refresh_token=token; HttpOnly; Path=/api/auth; SameSite=Strict; Max-Age=60"


def test_over_https_the_cookie_is_secure() -> None:
    cookie = RefreshCookie(name="refresh_token", is_secure=True)

    assert cookie.write("token", timedelta(seconds=60)).endswith("; Secure")
    assert cookie.clear().endswith("; Max-Age=0; Secure")


def test_the_cleared_cookie_differs_in_value_and_age_alone() -> None:
    written = COOKIE.write("abc", timedelta(seconds=60))

    assert COOKIE.clear() == written.replace("=abc;", "=;").replace("Max-Age=60", "Max-Age=0")


@pytest.mark.parametrize(
    "header",
    [
        b"refresh_token=abc",
        b"a=b; refresh_token=abc; c=d",
        b"a=b;refresh_token=abc",
        b"x_refresh_token=no; refresh_token=abc",
    ],
)
def test_the_one_cookie_is_found_among_others(header: bytes) -> None:
    assert COOKIE.read(sent(header)) == "abc"


@pytest.mark.parametrize("value", [b"%61bc", b'"abc"', b"abc=="])
def test_the_value_is_neither_decoded_nor_unquoted(value: bytes) -> None:
    assert COOKIE.read(sent(b"refresh_token=" + value)) == value.decode()


@pytest.mark.parametrize(
    "headers",
    [
        (b"refresh_token=a; refresh_token=b",),
        (b"refresh_token=a", b"refresh_token=a"),
        (b"refresh_token=; refresh_token=a",),
    ],
)
def test_several_cookies_of_the_name_are_refused(headers: tuple[bytes, ...]) -> None:
    with pytest.raises(RefreshTokenInvalidError):
        COOKIE.read(sent(*headers))

    assert COOKIE.read_if_any(sent(*headers)) is None


@pytest.mark.parametrize("headers", [(), (b"other=1",), (b"refresh_token=",), (b"refresh_token",)])
def test_no_cookie_and_an_empty_one_are_missing(headers: tuple[bytes, ...]) -> None:
    with pytest.raises(RefreshTokenMissingError):
        COOKIE.read(sent(*headers))
