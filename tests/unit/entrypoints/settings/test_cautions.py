import pytest

from latchkey.entrypoints.settings import cautions_of, from_env
from unit.entrypoints.settings.test_from_env import PRODUCTION


def cautions(environ: dict[str, str]) -> list[str]:
    return [*cautions_of(from_env(environ), environ)]


def cautioned(environ: dict[str, str]) -> list[str]:
    return [caution.partition(":")[0] for caution in cautions(environ)]


def test_production_that_no_client_can_reach_is_cautioned() -> None:
    assert cautioned(PRODUCTION) == ["TLS_CERT, TRUSTED_PROXIES"]
    assert cautioned({**PRODUCTION, "TRUSTED_PROXIES": "10.0.0.1"}) == []
    assert cautioned({**PRODUCTION, "TLS_CERT": "cert.pem", "TLS_KEY": "key.pem"}) == []


@pytest.mark.parametrize(
    "name",
    [
        "LOGIN_LIMIT_ACCOUNT",
        "LOGIN_LIMIT_ADDRESS",
        "LOGIN_LIMIT_SUCCESSES",
        "REFRESH_LIMIT",
        "MAIL_LIMIT_ADDRESS",
        "MAIL_LIMIT_SOURCE",
        "FACTOR_LIMIT",
    ],
)
def test_a_limit_that_is_off_is_cautioned_in_production_alone(name: str) -> None:
    off = {name: "off", "TRUSTED_PROXIES": "10.0.0.1"}

    assert cautioned({**PRODUCTION, **off}) == [name]
    assert cautioned(off) == []


@pytest.mark.requirement("CK-2")
def test_a_cookie_that_anybody_can_plant_is_cautioned_in_production_alone() -> None:
    named = {"TRUSTED_PROXIES": "10.0.0.1", "REFRESH_COOKIE_NAME": "session"}

    assert cautioned({**PRODUCTION, **named}) == ["REFRESH_COOKIE_NAME"]
    assert cautioned({**PRODUCTION, **named, "REFRESH_COOKIE_NAME": "__secure-session"}) == []
    assert cautioned({**named, "APP_ENV": "development"}) == []


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("JWT_ACESS_TTL", "JWT_ACCESS_TTL"),
        ("JWT_REFRESH_SECRET", "REFRESH_SECRET"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("JWT_SECRETS_FILE", "JWT_SECRET_FILE"),
        ("LATCHKEY_HOMES", "LATCHKEY_HOME"),
        ("LOGIN_LIMIT_ACOUNT", "LOGIN_LIMIT_ACCOUNT"),
        ("SESSION_PER_USER", "SESSIONS_PER_USER"),
        ("NODE_ENVS", "NODE_ENV"),
    ],
)
def test_a_misspelt_name_is_cautioned_with_the_nearest_one(misspelt: str, meant: str) -> None:
    assert cautions({misspelt: "canary-value"}) == [
        f"{misspelt}: is not a setting; did you mean {meant}?"
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("PATH", "HOME", "HOSTNAME", "LOGNAME", "TERM", "NODE_OPTIONS", "SSL_CERT_FILE"),
        *("LATCHKEY_SERVICE_HOST", "LATCHKEY_PORT_8000_TCP", "LATCHKEY_PORT", "PGHOST", "PGPORT"),
        *("REDIS_HOST", "SMTP_PORT", "JWT_ALGORITHM", "APP_NAME", "DOCKER_HOST", "HTTP_PROXY"),
    ],
)
def test_a_name_that_is_for_other_programs_is_not_cautioned(name: str) -> None:
    assert cautions({name: "1"}) == []
