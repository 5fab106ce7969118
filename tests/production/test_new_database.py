"""Commands on a database in which nothing was made yet."""

import asyncio
import re
import subprocess
import time
from typing import Final

import pytest

from harness.postgres import PostgresServer
from harness.service import Installation
from production.deployment import configured

SOON: Final = 60.0  # s


@pytest.fixture
def newcomer(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    """Somebody who has not read what comes first."""
    dsn = asyncio.run(postgres_server.create_database("template0"))
    environ = {"APP_ENV": "test", "BCRYPT_ROUNDS": "4", "DATABASE_URL": dsn}
    return Installation(home=tmp_path_factory.mktemp("newcomer"), environ=environ)


def test_a_command_that_misses_its_tables_says_what_makes_them(newcomer: Installation) -> None:
    ended = newcomer.run("prune")

    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert "`latchkey migrate`" in line


def test_the_demo_makes_what_it_needs_and_prints_who_can_sign_in(newcomer: Installation) -> None:
    ended = newcomer.run("demo")

    accounts = re.findall(r"^(ADMIN|USER) +\S+@example\.com +\S{16}$", ended.stdout, re.MULTILINE)
    assert ended.returncode == 0, ended.stderr
    assert accounts == ["ADMIN", "USER"]
    assert ended.stderr == ""
    assert "sign in at http://127.0.0.1:8000/ if" in ended.stdout


def test_the_command_that_development_prints_at_its_start_creates_the_administrator(
    newcomer: Installation,
) -> None:
    with newcomer.serving() as service:
        until = time.monotonic() + SOON
        while "There are no users yet" not in service.log.read_text() and time.monotonic() < until:
            time.sleep(0.1)
        printed = re.search(r"curl .*\\\n.*", service.log.read_text())
        assert printed, service.log.read_text()
        told = subprocess.run(["/bin/sh", "-c", printed[0]], capture_output=True, check=True)  # noqa: S603

        log = service.log.read_text()
        assert f"listening on {service.url}" in log
        assert f"Read the mails that would be sent: {service.url}/mailbox" in log
        assert b'"role":"ADMIN"' in told.stdout


def test_production_says_at_its_start_that_the_schema_is_missing(newcomer: Installation) -> None:
    service = configured(newcomer.home, newcomer.environ["DATABASE_URL"]).start(
        TRUSTED_PROXIES="127.0.0.1"
    )
    until = time.monotonic() + SOON
    try:
        while "service_started" not in service.log.read_text() and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        service.end()

    log = service.log.read_text()
    assert "service_started" in log
    assert "schema: is not that of this release; run `latchkey migrate`" in log
