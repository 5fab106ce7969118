"""What is set wrongly is refused when the service is started: a line each, and nothing runs."""

import json
import secrets
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Final

import pytest
import trustme

from harness.service import Installation, free_port
from latchkey.adapters.keys.key_file import ScheduledKey, write
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.entrypoints.settings import SettingsError, from_env
from production.deployment import configured

SECRET: Final = secrets.token_hex(32)
WEAK: Final = "weakling-0f-31-bytes-as-a-secre"
SAMPLE: Final = "your-256-bit-secret-from-a-manual"
PASSWORD: Final = "hushed"
UNREADABLE: Final = f"postgresql://app:{PASSWORD[:3]}#{PASSWORD[3:]}@127.0.0.1/auth"
NO_DATABASE: Final = f"postgresql://app:{PASSWORD}@127.0.0.1:1/auth"
_KEY: Final = P256Key.generate()
KEYS: Final = write([ScheduledKey(key=_KEY, signs_from=ALWAYS)])
PUBLIC: Final = json.dumps({"keys": [{**_KEY.verifying.jwk, "alg": "ES256"}]})
HIDDEN: Final = (SECRET, WEAK, SAMPLE, PASSWORD, PASSWORD[:3], PASSWORD[3:])
AT_ONCE: Final = 2  # starts, so that two cores have something to do


@dataclass(frozen=True, slots=True)
class Fault:
    """Settings that are wrong in one way, and how the line about them begins and goes on."""

    environ: Mapping[str, str]
    line: str
    right: str = "; must "


IN_SETTINGS: Final = {
    "no-secret": Fault({"JWT_SECRET": ""}, "JWT_SECRET: is not set"),
    "short-secret": Fault({"JWT_SECRET": WEAK}, "JWT_SECRET: is 31 bytes long", "at least 32"),
    "sample-secret": Fault({"JWT_SECRET": SAMPLE}, "JWT_SECRET: looks like a sample"),
    "key-without-issuer": Fault({"JWT_KEYS": KEYS}, "JWT_ISSUER: is not where others find"),
    "public-key": Fault(
        {"JWT_KEYS": PUBLIC, "JWT_ISSUER": "https://auth.example.com"},
        "JWT_KEYS: key 1 of 1 has no private part",
    ),
    "key-in-pem": Fault(
        {"JWT_KEYS": "-----BEGIN PRIVATE KEY-----"}, "JWT_KEYS: is not valid", "latchkey keys new"
    ),
    "long-access": Fault({"JWT_ACCESS_TTL": "61m"}, "JWT_ACCESS_TTL: is '61m'", "1s to 1h"),
    "long-grace": Fault({"REFRESH_GRACE": "61s"}, "REFRESH_GRACE: is '61s'", "0s to 1m"),
    "cheap-hashes": Fault({"BCRYPT_ROUNDS": "4"}, "BCRYPT_ROUNDS: is '4'", "10 to 15"),
    "bootstrap": Fault({"ALLOW_BOOTSTRAP": "true"}, "ALLOW_BOOTSTRAP: is true", "create-admin"),
    "insecure-cookie": Fault({"COOKIE_SECURE": "false"}, "COOKIE_SECURE: is false"),
    "any-origin": Fault({"CORS_ORIGINS": "*"}, "CORS_ORIGINS: contains '*'"),
    "plain-origin": Fault(
        {"CORS_ORIGINS": "http://app.example.com"}, "CORS_ORIGINS: contains 'http://"
    ),
    "one-port": Fault({"PORT": "9464", "METRICS_PORT": "9464"}, "METRICS_PORT: is PORT"),
    "no-hosts": Fault({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS: is not set"),
    "no-database": Fault({"DATABASE_URL": ""}, "DATABASE_URL: is not set", "postgresql://"),
    "no-breached": Fault(
        {"BREACHED_PASSWORDS_FILE": "nowhere"}, "BREACHED_PASSWORDS_FILE: cannot be read"
    ),
    "other-breached": Fault(
        {"BREACHED_PASSWORDS_FILE": __file__}, "BREACHED_PASSWORDS_FILE: has another format"
    ),
    "unreadable-database": Fault({"DATABASE_URL": UNREADABLE}, "DATABASE_URL: is not valid"),
}
MAIL: Final = {
    "SMTP_URL": "smtp://mail.example.com",
    "PUBLIC_URL": "https://auth.latchkey.example",
    "MAIL_FROM": "no-reply@latchkey.example",
    "MAIL_CONTACT": "help@latchkey.example",
}
AT_START: Final = {
    "no-templates": Fault({**MAIL, "MAIL_TEMPLATES": "nowhere"}, "MAIL_TEMPLATES: cannot be read"),
    "no-language": Fault({**MAIL, "MAIL_LANGUAGE": "tlh"}, "MAIL_LANGUAGE: is 'tlh'"),
    "no-file": Fault({"JWT_SECRET": "", "JWT_SECRET_FILE": "nowhere"}, "JWT_SECRET_FILE: "),
    "not-our-address": Fault({"HOST": "192.0.2.1"}, "HOST, PORT: cannot listen there"),
    "no-pages": Fault({"FRONTEND_DIR": "nowhere"}, "FRONTEND_DIR: is not a directory"),
    "missing-key": Fault({"TLS_CERT": "{chain}", "TLS_KEY": "nowhere"}, "TLS_KEY: is not a file"),
    "another-key": Fault(
        {"TLS_CERT": "{chain}", "TLS_KEY": "{another}"}, "TLS_CERT: does not match TLS_KEY"
    ),
    "garbage": Fault(
        {"TLS_CERT": "{garbage}", "TLS_KEY": "{key}"}, "TLS_CERT: does not match TLS_KEY"
    ),
    "short-secret": IN_SETTINGS["short-secret"],
}
"""What a process has to be started for; it reads the settings in the same way."""

TOGETHER: Final = {
    "HOST": "localhost",
    "PORT": "70000",
    "WORKERS": "0",
    "POOL_SIZE": "many",
    "BCRYPT_ROUNDS": "9",
    "JWT_SECRET": WEAK,
    "REFRESH_SECRET": SAMPLE,
    "JWT_ACCESS_TTL": "61m",
    "JWT_REFRESH_TTL": "soon",
    "SESSION_MAX_AGE": "-1",
    "SESSIONS_PER_USER": "0",
    "SESSION_RETENTION": "for ever",
    "REFRESH_GRACE": "61s",
    "ALLOW_BOOTSTRAP": "true",
    "COOKIE_SECURE": "false",
    "REFRESH_COOKIE_NAME": "refresh token",
    "CORS_ORIGINS": "https://app.example.com/",
    "ALLOWED_HOSTS": "",
    "TRUSTED_PROXIES": "proxy.example.com",
    "LOGIN_LIMIT_ACCOUNT": "ten",
    "LOGIN_LIMIT_ADDRESS": "0/15m",
    "REFRESH_LIMIT": "seldom",
    "DATABASE_URL": UNREADABLE,
    "LOG_LEVEL": "loud",
    "DOCS": "2",
    "TLS_CERT": "alone",
}


@dataclass(frozen=True, slots=True)
class Start:
    """A start that was tried, and where it would have listened."""

    ended: CompletedProcess[str]
    port: int

    @property
    def said(self) -> list[str]:
        return self.ended.stderr.splitlines()

    @property
    def is_listening(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture(scope="module")
def files(
    certificate: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """A certificate and its key, another's key, and what is neither."""
    another = tmp_path_factory.mktemp("tls") / "another.pem"
    trustme.CA().issue_cert("another.example").private_key_pem.write_to_path(another)
    garbage = another.with_name("garbage.pem")
    garbage.write_text("-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n")
    return {
        "chain": certificate["TLS_CERT"],
        "key": certificate["TLS_KEY"],
        "another": str(another),
        "garbage": str(garbage),
    }


@pytest.fixture(scope="module")
def starts(files: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Start]:
    """Try to start with each fault alone, and with many together."""
    production = configured(tmp_path_factory.mktemp("faulty"), NO_DATABASE)

    def start(environ: Mapping[str, str]) -> Start:
        port = free_port()
        given = {name: value.format_map(files) for name, value in environ.items()}
        usual = {"JWT_SECRET": SECRET, "PORT": str(port)}
        return Start(production.run("serve", **usual | given), port)

    cases = {name: fault.environ for name, fault in AT_START.items()} | {"together": TOGETHER}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(cases, pool.map(start, cases.values()), strict=True))


@pytest.mark.requirement("PW-8", "AT-2", "AT-8", "BA-4", "CK-1", "CK-10", "RS-4", "ER-6")
@pytest.mark.parametrize("name", IN_SETTINGS)
def test_a_fault_in_the_settings_of_production_has_one_line(name: str) -> None:
    usual = configured(Path(), NO_DATABASE).environ
    fault = IN_SETTINGS[name]

    with pytest.raises(SettingsError) as refusal:
        from_env({**usual, **fault.environ})

    [line] = refusal.value.faults
    assert line.startswith(fault.line)
    assert "; must " in line
    assert fault.right in line


@pytest.mark.requirement("AT-2", "ER-6")
@pytest.mark.parametrize("name", AT_START)
def test_a_fault_stops_the_start_with_the_one_line_about_it(
    starts: Mapping[str, Start], name: str
) -> None:
    start, fault = starts[name], AT_START[name]

    [line] = start.said

    assert start.ended.returncode == 1
    assert line.startswith(fault.line)
    assert "; must " in line
    assert fault.right in line


def test_of_many_faults_each_has_its_line(starts: Mapping[str, Start]) -> None:
    start = starts["together"]

    named = [line.partition(":")[0] for line in start.said]

    assert start.ended.returncode == 1
    assert sorted(named) == sorted(set(TOGETHER) - {"TLS_CERT"} | {"TLS_KEY"})


@pytest.mark.requirement("ER-2", "ER-6")
@pytest.mark.parametrize("name", [*AT_START, "together"])
def test_what_is_refused_shows_no_secret_and_runs_nothing(
    starts: Mapping[str, Start], name: str
) -> None:
    start = starts[name]

    written = start.ended.stdout + start.ended.stderr

    assert "Traceback" not in written
    assert [secret for secret in HIDDEN if secret in written] == []
    assert not start.is_listening


@pytest.mark.requirement("ER-6")
def test_a_port_that_is_taken_is_told(production: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = production.run("serve", PORT=str(port))

    assert ended.returncode == 1
    assert ended.stderr.startswith(
        "HOST, PORT: cannot listen there (Address already in use); must "
    )
    assert len(ended.stderr.splitlines()) == 1
