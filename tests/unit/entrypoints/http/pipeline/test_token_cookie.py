from dataclasses import replace
from datetime import timedelta

import pytest

from latchkey.entrypoints.http.pipeline.token_cookie import Cookies, TokenCookie

COOKIE = TokenCookie(name="refresh_token", path="/api/auth", is_secure=False)


def sent(*values: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"accept", b"*/*"), *((b"cookie", value) for value in values)]


@pytest.mark.requirement("CK-12")
def test_the_cookie_has_the_documented_attributes() -> None:
    header = COOKIE.write("token", timedelta(seconds=60.9))

    assert header == "refresh_token=token; HttpOnly; Path=/api/auth; SameSite=Strict; Max-Age=60"


def test_over_https_the_cookie_is_secure() -> None:
    cookie = replace(COOKIE, is_secure=True)

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
        b"a=b;\trefresh_token= abc \t",
        b"x_refresh_token=no; refresh_token=abc",
        b"refresh_token2=no; refresh_token=abc",
    ],
)
def test_the_one_cookie_is_found_among_others(header: bytes) -> None:
    assert COOKIE.read(sent(header)) == ("abc",)


@pytest.mark.parametrize("value", [b"%61bc", b'"abc"', b"abc==", b"a b"])
def test_the_value_is_neither_decoded_nor_unquoted(value: bytes) -> None:
    assert COOKIE.read(sent(b"refresh_token=" + value)) == (value.decode(),)


@pytest.mark.parametrize(
    "headers",
    [
        (b"refresh_token=a; refresh_token=b",),
        (b"refresh_token=a", b"refresh_token=b"),
        (b"refresh_token=; refresh_token=a;refresh_token=b",),
    ],
)
def test_all_cookies_of_the_name_are_read(headers: tuple[bytes, ...]) -> None:
    assert COOKIE.read(sent(*headers)) == ("a", "b")


@pytest.mark.parametrize("headers", [(), (b"other=1",), (b"refresh_token=",), (b"refresh_token",)])
def test_an_empty_cookie_is_none(headers: tuple[bytes, ...]) -> None:
    assert COOKIE.read(sent(*headers)) == ()


@pytest.mark.requirement("CK-2")
@pytest.mark.parametrize("before", [b"\xa0", b"\x85", b"\x0b", b"\x0c", b"\x1c"])
def test_no_byte_before_a_name_passes_for_white_space(before: bytes) -> None:
    cookie = replace(COOKIE, name="__Secure-refresh_token", is_secure=True)

    assert cookie.read(sent(before + b"__Secure-refresh_token=planted")) == ()
    assert cookie.read(sent(b"a=b; " + before + b"__Secure-refresh_token=planted")) == ()


def test_the_device_has_a_cookie_of_its_own_that_only_a_login_gets() -> None:
    cookies = Cookies.of("__Secure-token", is_secure=True)

    header = cookies.device.write("id", timedelta(days=400))

    assert header == (
        "__Secure-token_device=id; HttpOnly; Path=/api/auth/login; SameSite=Strict"
        "; Max-Age=34560000; Secure"
    )
    assert cookies.refresh.read(sent(b"__Secure-token_device=id")) == ()
    assert cookies.device.read(sent(b"__Secure-token=id")) == ()
