"""Commands on a database in which nothing was made yet."""

import asyncio
import re

import pytest

from harness.postgres import PostgresServer
from harness.service import Installation


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
