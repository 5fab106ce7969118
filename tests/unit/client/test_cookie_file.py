from http.cookiejar import LoadError
from pathlib import Path

import httpx
import pytest

from latchkey.client.cookie_file import CookieFile, Cookies


def received(cookies: Cookies, *headers: str) -> None:
    """Put cookies into a jar as a response of the service does."""
    request = httpx.Request("POST", "https://auth.example.com/api/auth/login")
    answer = httpx.Response(200, headers=[("Set-Cookie", each) for each in headers])
    answer.request = request
    httpx.Cookies(cookies.jar).extract_cookies(answer)


def kept(file: Path) -> dict[str, str | None]:
    return {each.name: each.value for each in CookieFile(file).load().jar}


def test_cookies_outlive_the_program_whether_or_not_they_have_an_age(tmp_path: Path) -> None:
    file = CookieFile(tmp_path / "cookies")
    cookies = file.load()
    received(cookies, "a=1; Path=/api/auth; HttpOnly; Secure; Max-Age=60", "b=2; Path=/api/auth")

    file.save(cookies)

    assert kept(tmp_path / "cookies") == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("headers", "has_session"),
    [
        ([], False),
        (["refresh_token_device=1; Path=/api/auth/login"], False),
        (["any_name=1; Path=/api/auth", "any_name_device=2; Path=/api/auth/login"], True),
    ],
)
def test_a_cookie_other_than_the_devices_is_a_session(
    headers: list[str], *, has_session: bool
) -> None:
    cookies = CookieFile(None).load()

    received(cookies, *headers)

    assert cookies.has_session is has_session


def test_a_file_that_is_no_cookie_jar_is_told_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("buy milk")

    with pytest.raises(LoadError):
        CookieFile(file).load()

    assert file.read_text() == "buy milk"


def test_no_token_is_shown(tmp_path: Path) -> None:
    file = CookieFile(tmp_path / "cookies")
    cookies = file.load()
    received(cookies, "refresh_token=hidden; Path=/api/auth")
    file.save(cookies)

    assert "hidden" not in repr([cookies, file, file.load()])
