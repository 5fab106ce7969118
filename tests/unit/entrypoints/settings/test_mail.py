"""Settings of mail, and what they need of each other."""

import pytest

from latchkey.entrypoints.settings import from_env
from unit.entrypoints.settings.test_from_env import PRODUCTION, faults_of

SMTP = {
    "SMTP_URL": "smtp://ada:hushed@mail.example.com",
    "MAIL_FROM": "Latchkey <no-reply@example.com>",
    "MAIL_CONTACT": "help@example.com",
}
MAIL = {**PRODUCTION, **SMTP, "PUBLIC_URL": "https://auth.example.com"}


def test_development_keeps_mails_and_production_sends_none_unless_a_server_is_set() -> None:
    development, production = from_env({}), from_env(PRODUCTION)

    assert (development.has_mail, development.has_mailbox) == (True, True)
    assert (production.has_mail, production.has_mailbox) == (False, False)


@pytest.mark.parametrize("environ", [SMTP, MAIL])
def test_with_a_server_mails_are_sent_and_none_is_kept(environ: dict[str, str]) -> None:
    settings = from_env(environ)

    assert (settings.has_mail, settings.has_mailbox) == (True, False)


@pytest.mark.parametrize("name", ["MAIL_FROM", "MAIL_CONTACT", "PUBLIC_URL"])
def test_with_a_server_production_needs_to_know_who_writes_and_from_where(name: str) -> None:
    [fault] = faults_of({**MAIL, name: ""})

    assert fault.startswith(f"{name}: is not set; must ")


def test_a_public_url_must_be_https_in_production() -> None:
    [fault] = faults_of({**MAIL, "PUBLIC_URL": "http://auth.example.com"})

    assert fault.startswith("PUBLIC_URL: is 'http://auth.example.com'")


def test_a_public_url_of_a_host_that_is_not_ours_is_refused() -> None:
    [fault] = faults_of({**MAIL, "PUBLIC_URL": "https://app.example.com"})

    assert fault.startswith("PUBLIC_URL: ")
    assert "ALLOWED_HOSTS" in fault


@pytest.mark.parametrize(
    ("url", "origins"),
    [
        ("https://auth.example.com:8443", ""),
        ("https://app.example.com", "https://app.example.com"),
        ("https://AUTH.example.com/", ""),
    ],
)
def test_a_public_url_is_ours_or_a_listed_origin(url: str, origins: str) -> None:
    settings = from_env({**MAIL, "PUBLIC_URL": url, "CORS_ORIGINS": origins})

    assert settings.public_url == url.lower().rstrip("/")


@pytest.mark.parametrize(
    ("environ", "url", "host"),
    [
        ({}, "http://localhost:8000", "localhost"),
        ({"HOST": "::1", "PORT": "9000"}, "http://[::1]:9000", "[::1]"),
        ({"PUBLIC_URL": "http://localhost:3000"}, "http://localhost:3000", "localhost"),
    ],
)
def test_unset_the_public_url_is_where_the_service_listens(
    environ: dict[str, str], url: str, host: str
) -> None:
    settings = from_env(environ)

    assert (settings.public_url, settings.public_host) == (url, host)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nobody",
        "@example.com",
        "a@",
        "a b <c>",
        "a@b, c@d",
        "g: a@b;",
        "ä@example.com",
        "a@b (c)",
    ],
)
def test_a_sender_is_one_ascii_address(text: str) -> None:
    assert faults_of({**MAIL, "MAIL_FROM": text})[0].startswith("MAIL_FROM: ")


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("a@example.com", "", "a@example.com"),
        ("Ärger, Ada <a@example.com>".replace(",", ""), "Ärger Ada", "a@example.com"),
        ('"Last, First" <a@example.com>', "Last, First", "a@example.com"),
    ],
)
def test_a_sender_may_have_a_name(text: str, name: str, address: str) -> None:
    sender = from_env({**MAIL, "MAIL_FROM": text}).mail.sender

    assert sender is not None
    assert (sender.display_name, sender.addr_spec) == (name, address)
