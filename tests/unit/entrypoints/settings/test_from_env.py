from datetime import timedelta

import pytest

from latchkey.domain.throttling.rate import Rate
from latchkey.entrypoints.settings import Environment, SettingsError, from_env

SECRET = "d2f1c0a98b7e6d5c4b3a29180f1e2d3c4b5a69788796a5b4"
OTHER_SECRET = "9a1be07c5d3f42a8b6e1907f2c4d5e6a8b0c1d2e3f405162"
PRODUCTION = {
    "NODE_ENV": "production",
    "JWT_SECRET": SECRET,
    "JWT_ACCESS_TTL": "15m",
    "JWT_REFRESH_TTL": "7d",
    "ALLOW_BOOTSTRAP": "false",
    "DATABASE_URL": "postgresql://app@db/auth",
    "ALLOWED_HOSTS": "auth.example.com",
}


def faults_of(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        from_env(environ)
    return caught.value.faults


@pytest.mark.requirement("AT-8")
def test_nothing_set_is_development_with_the_documented_defaults() -> None:
    settings = from_env({})

    assert settings.environment is Environment.DEVELOPMENT
    assert (settings.server.host, settings.server.port, settings.server.workers) == (
        "127.0.0.1",
        8000,
        1,
    )
    assert settings.server.allowed_origins == {"http://localhost:3000", "http://127.0.0.1:3000"}
    assert settings.server.shows_docs
    assert settings.accounts.allow_bootstrap
    assert not settings.cookie.is_secure
    assert settings.database.url is None
    assert (settings.database.pool_size, settings.accounts.bcrypt_rounds) == (10, 12)
    assert settings.cookie.name == "refresh_token"
    assert settings.tokens.access_lifetime == timedelta(minutes=15)
    assert (settings.tokens.issuer, settings.tokens.audience) == ("latchkey", "latchkey")
    assert settings.sessions.idle == timedelta(days=7)
    assert settings.sessions.absolute == timedelta(days=30)
    assert settings.sessions.grace == timedelta(seconds=10)
    assert settings.throttling.account == Rate(count=10, period=timedelta(minutes=15))
    assert settings.throttling.address == Rate(count=100, period=timedelta(minutes=15))
    assert settings.throttling.refresh == Rate(count=120, period=timedelta(minutes=1))


def test_the_environment_file_of_the_original_design_starts_production() -> None:
    settings = from_env(PRODUCTION)

    assert settings.is_production
    assert settings.cookie.is_secure
    assert settings.cookie.name == "__Secure-refresh_token"
    assert not settings.accounts.allow_bootstrap
    assert not settings.server.shows_docs
    assert settings.server.allowed_origins == frozenset()


@pytest.mark.parametrize(
    ("environ", "header"),
    [
        ({}, "max-age=31536000; includeSubDomains"),
        ({"HSTS_MAX_AGE": "1h", "HSTS_SUBDOMAINS": "false"}, "max-age=3600"),
        ({"HSTS_MAX_AGE": "0s"}, "max-age=0; includeSubDomains"),
    ],
)
@pytest.mark.requirement("HT-12")
def test_what_browsers_are_told_of_https_can_be_set(environ: dict[str, str], header: str) -> None:
    assert from_env({**PRODUCTION, **environ}).server.hsts == header


def test_app_env_goes_before_node_env() -> None:
    settings = from_env({"APP_ENV": "development", "NODE_ENV": "production"})

    assert settings.environment is Environment.DEVELOPMENT


FAULTY = {
    "APP_ENV": "staging",
    "HOST": "localhost",
    "PORT": "70000",
    "WORKERS": "0",
    "POOL_SIZE": "many",
    "BCRYPT_ROUNDS": "9",
    "JWT_SECRET": "short",
    "REFRESH_SECRET": "also short",
    "JWT_KEYS": "-----BEGIN PRIVATE KEY-----",
    "JWT_ACCESS_TTL": "61m",
    "JWT_REFRESH_TTL": "soon",
    "SESSION_MAX_AGE": "-1",
    "SESSIONS_PER_USER": "0",
    "SESSION_RETENTION": "for ever",
    "REFRESH_GRACE": "61s",
    "ALLOW_BOOTSTRAP": "perhaps",
    "COOKIE_SECURE": "maybe",
    "REFRESH_COOKIE_NAME": "refresh token",
    "CORS_ORIGINS": "https://app.example.com/",
    "ALLOWED_HOSTS": "https://auth.example.com",
    "HEAD_TIMEOUT": "0s",
    "HSTS_MAX_AGE": "for ever",
    "HSTS_SUBDOMAINS": "some",
    "TRUSTED_PROXIES": "proxy.example.com",
    "LOGIN_LIMIT_ACCOUNT": "ten",
    "LOGIN_LIMIT_ADDRESS": "0/15m",
    "REFRESH_LIMIT": "120 a minute",
    "MAIL_LIMIT_ADDRESS": "3",
    "MAIL_LIMIT_SOURCE": "many",
    "RESET_TTL": "25h",
    "DATABASE_URL": "mysql://app@db/auth",
    "LOG_LEVEL": "loud",
    "DOCS": "2",
    "SMTP_URL": "smtp://mail.example.com?tls=none",
    "PUBLIC_URL": "https://auth.example.com/pages",
    "MAIL_FROM": "Ada <ada@example.com>, Bob <bob@example.com>",
    "MAIL_REPLY_TO": "help",
    "MAIL_LANGUAGE": "the best",
    "MAIL_RETRY_FOR": "8d",
    "MAIL_RETENTION": "-1d",
    "NOTIFY_NEW_SIGN_IN": "seldom",
}


@pytest.mark.requirement("PW-8", "AT-2", "AT-8", "RS-4")
@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_variable_alone_is_refused_with_one_line_that_names_it(name: str) -> None:
    faults = faults_of({name: FAULTY[name]})

    assert len(faults) == 1
    assert faults[0].startswith(f"{name}: ")
    assert "must" in faults[0]


def test_all_faults_are_named_at_once() -> None:
    faults = faults_of(FAULTY)

    assert {fault.partition(":")[0] for fault in faults} == set(FAULTY)
    assert len(faults) == len(FAULTY)


MISSING_IN_PRODUCTION = ("JWT_SECRET", "DATABASE_URL", "ALLOWED_HOSTS")


@pytest.mark.parametrize("name", MISSING_IN_PRODUCTION)
def test_production_needs_what_development_makes_itself(name: str) -> None:
    faults = faults_of({key: value for key, value in PRODUCTION.items() if key != name})

    assert [fault.partition(":")[0] for fault in faults] == [name]


REFUSED_IN_PRODUCTION = {
    "ALLOW_BOOTSTRAP": "true",
    "COOKIE_SECURE": "false",
    "CORS_ORIGINS": "http://app.example.com",
    "BCRYPT_ROUNDS": "4",
}


@pytest.mark.requirement("PW-8", "BA-4", "CK-1", "CK-10")
@pytest.mark.parametrize("name", REFUSED_IN_PRODUCTION)
def test_production_refuses_what_development_allows(name: str) -> None:
    faults = faults_of({**PRODUCTION, name: REFUSED_IN_PRODUCTION[name]})

    assert [fault.partition(":")[0] for fault in faults] == [name]


@pytest.mark.requirement("CK-10")
def test_a_wildcard_is_no_origin() -> None:
    assert faults_of({"CORS_ORIGINS": "*"})[0].startswith("CORS_ORIGINS: ")


def test_only_tests_may_hash_cheaply() -> None:
    assert from_env({"APP_ENV": "test", "BCRYPT_ROUNDS": "4"}).accounts.bcrypt_rounds == 4
    assert faults_of({"APP_ENV": "development", "BCRYPT_ROUNDS": "4"})


def test_one_secret_does_not_serve_two_purposes() -> None:
    faults = faults_of({"JWT_SECRET": SECRET, "REFRESH_SECRET": SECRET})

    assert faults[0].startswith("REFRESH_SECRET: ")


def test_of_several_secrets_all_are_kept_in_their_order() -> None:
    settings = from_env({"JWT_SECRET": f"{OTHER_SECRET},{SECRET}"})

    assert settings.tokens.access_secrets == (OTHER_SECRET, SECRET)


def test_a_list_of_secrets_has_a_line_for_each_that_is_weak() -> None:
    faults = faults_of({"JWT_SECRET": f"short,{SECRET},your-256-bit-secret-from-a-manual"})

    right = "must be at least 32 random bytes, as `latchkey secrets` prints them"
    assert faults == (
        f"JWT_SECRET: secret 1 of 3 is 5 bytes long; {right}",
        f"JWT_SECRET: secret 3 of 3 looks like a sample from a manual; {right}",
    )


def test_a_weak_secret_does_not_hide_that_it_serves_two_purposes() -> None:
    faults = faults_of({"JWT_SECRET": f"{SECRET},short", "REFRESH_SECRET": SECRET})

    assert [fault.partition(":")[0] for fault in faults] == ["JWT_SECRET", "REFRESH_SECRET"]


@pytest.mark.parametrize("name", ["JWT_SECRET", "JWT_ISSUER", "DATABASE_URL"])
def test_bytes_that_are_not_utf8_are_refused(name: str) -> None:
    value = b"postgresql://h\xff/latchkey".decode(errors="surrogateescape")

    [fault] = faults_of({name: value})

    assert fault.startswith(f"{name}: is not valid UTF-8; must be ")


def test_a_list_without_a_host_name_is_refused_in_production() -> None:
    [fault] = faults_of({**PRODUCTION, "ALLOWED_HOSTS": ","})

    assert fault.startswith("ALLOWED_HOSTS: is empty; must be a list of host names ")


def test_a_faulty_variable_that_production_requires_has_one_line() -> None:
    faults = faults_of({**PRODUCTION, "ALLOWED_HOSTS": "*", "DATABASE_URL": "mysql://db/auth"})

    assert [fault.partition(":")[0] for fault in faults] == ["ALLOWED_HOSTS", "DATABASE_URL"]


def test_a_certificate_needs_its_key_and_a_key_its_certificate() -> None:
    assert faults_of({"TLS_CERT": "cert.pem"})[0].startswith("TLS_KEY: ")
    assert faults_of({"TLS_KEY": "key.pem"})[0].startswith("TLS_CERT: ")


def test_no_secret_is_shown_by_a_fault_or_by_the_settings() -> None:
    weak = "weakness-weakness"
    unreadable = "postgresql://app:hu#sh@db/auth"

    faults = faults_of({"JWT_SECRET": weak, "PORT": "x", "DATABASE_URL": unreadable})
    shown = repr(from_env({**PRODUCTION, "DATABASE_URL": "postgresql://app:hush@db/auth"}))

    assert len(faults) == 3
    assert not any(part in "".join(faults) for part in (weak, "hu", "sh@"))
    assert SECRET not in shown
    assert "hush" not in shown
