"""How the URL of a mail server is read."""

import pytest

from latchkey.adapters.smtp.config import SmtpConfig, Tls


@pytest.mark.parametrize(
    ("url", "config"),
    [
        (
            "smtp://ada:p%40ss%3Aword@mail.example.com:2587",
            SmtpConfig(
                host="mail.example.com",
                port=2587,
                tls=Tls.STARTTLS,
                user="ada",
                password="p@ss:word",
            ),
        ),
        (
            "smtp://mail.example.com",
            SmtpConfig(host="mail.example.com", port=587, tls=Tls.STARTTLS),
        ),
        (
            "smtps://ada%40example.com:x@mail.example.com/",
            SmtpConfig(
                host="mail.example.com",
                port=465,
                tls=Tls.IMPLICIT,
                user="ada@example.com",
                password="x",
            ),
        ),
        ("smtp://127.0.0.1:25?tls=none", SmtpConfig(host="127.0.0.1", port=25, tls=Tls.NONE)),
        ("smtp://[::1]:25?tls=none", SmtpConfig(host="::1", port=25, tls=Tls.NONE)),
        ("smtp://localhost?tls=none", SmtpConfig(host="localhost", port=587, tls=Tls.NONE)),
    ],
)
def test_a_url_names_the_server_and_how_it_is_reached(url: str, config: SmtpConfig) -> None:
    assert SmtpConfig.of(url) == config


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtp://mail.example.com:many",
        "smtp://mail.example.com/path",
        "smtp://mail.example.com#part",
        "smtp://:password@mail.example.com",
        "smtp://mail.example.com?tls=none",
        "smtp://192.0.2.1?tls=none",
        "smtp://localhost.example.com?tls=none",
        "smtps://127.0.0.1?tls=none",
        "smtp://127.0.0.1?tls=starttls",
        "smtp://127.0.0.1?tls=none&tls=none",
        "smtp://127.0.0.1?starttls=optional",
        "smtp://127.0.0.1?tls",
        "smtp://a:%ff@127.0.0.1",
    ],
)
def test_any_other_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - nobody is shown its message
        SmtpConfig.of(url)


def test_the_password_is_not_in_what_is_printed() -> None:
    assert "hushed" not in repr(SmtpConfig.of("smtp://ada:hushed@mail.example.com"))
