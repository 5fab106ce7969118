"""What passkeys are bound to, and on which pages they are accepted."""

import pytest

from latchkey.entrypoints.settings import SettingsError, cautions_of, from_env
from unit.entrypoints.settings.test_from_env import PRODUCTION

SITE = {**PRODUCTION, "ALLOWED_HOSTS": "auth.example.com"}


@pytest.mark.parametrize(
    ("environ", "rp_id"),
    [
        ({}, "localhost"),
        ({"APP_ENV": "test"}, "localhost"),
        ({"PUBLIC_URL": "http://127.0.0.1:8000"}, None),
        (SITE, "auth.example.com"),
        ({**SITE, "ALLOWED_HOSTS": "auth.example.com:8443,10.0.0.1,[::1]"}, "auth.example.com"),
        ({**SITE, "ALLOWED_HOSTS": "a.example.com,b.example.com"}, None),
        ({**SITE, "ALLOWED_HOSTS": "10.0.0.1"}, None),
        ({**SITE, "PASSKEY_RP_ID": "example.com"}, "example.com"),
        (
            {
                **SITE,
                "ALLOWED_HOSTS": "a.example.com,b.example.com",
                "PUBLIC_URL": "https://b.example.com",
            },
            "b.example.com",
        ),
    ],
)
def test_passkeys_are_bound_to_the_one_name_of_the_pages(
    environ: dict[str, str], rp_id: str | None
) -> None:
    assert from_env(environ).passkey_rp_id == rp_id


@pytest.mark.parametrize("name", ["https://example.com", "10.0.0.1", "[::1]", "EXAMPLE.COM", "a_b"])
def test_only_a_host_name_can_be_set(name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        from_env({**SITE, "PASSKEY_RP_ID": name})

    assert [fault.partition(":")[0] for fault in refused.value.faults] == ["PASSKEY_RP_ID"]


def test_in_production_the_exact_origins_of_the_pages_are_accepted() -> None:
    environ = {**SITE, "CORS_ORIGINS": "https://app.example.com", "PASSKEY_RP_ID": "example.com"}
    settings = from_env(environ)

    origins = {
        "https://auth.example.com": True,
        "https://app.example.com": True,
        "http://auth.example.com": False,
        "https://auth.example.com:8443": False,
        "https://auth.example.com.evil.example": False,
        "https://example.com": False,
        "https://other.example.com": False,
        "null": False,
        "": False,
    }
    assert {origin: settings.has_page(origin) for origin in origins} == origins


def test_development_has_its_pages_on_any_port() -> None:
    settings = from_env({})

    assert settings.public_url == "http://localhost:8000"
    assert settings.has_page("http://localhost:3000")
    assert settings.has_page("http://localhost:5173")
    assert not settings.has_page("http://localhost.evil.example")


def test_an_operator_is_told_where_passkeys_do_not_work() -> None:
    elsewhere = {**SITE, "CORS_ORIGINS": "https://evilexample.com", "PASSKEY_RP_ID": "example.com"}
    nowhere = {**SITE, "ALLOWED_HOSTS": "a.example.com,b.example.com"}

    for environ, told in ((SITE, 0), (elsewhere, 1), (nowhere, 1)):
        cautions = cautions_of(from_env(environ), environ)
        assert len([each for each in cautions if each.startswith("PASSKEY_RP_ID")]) == told
