"""Commands about accounts, as a deployment's job and an operator run them."""

import asyncio
from subprocess import CompletedProcess
from typing import Final

import pytest

from harness.postgres import PostgresServer
from harness.service import Installation
from production.deployment import ADMIN, configured

PASSWORD: Final = "canary-Kettle-17-harbour"
ADA: Final = ("--email", "ada@latchkey.example", "--name", "Ada")
SAME: Final = ("--email", ADMIN.email, "--name", ADMIN.name)


def create(at: Installation, *options: str) -> CompletedProcess[str]:
    return at.run("create-admin", *options, "--password-stdin", given=f"{PASSWORD}\n")


@pytest.fixture
def empty(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    """A deployment without users."""
    dsn = asyncio.run(postgres_server.create_database())
    return configured(tmp_path_factory.mktemp("empty"), dsn)


def test_a_job_can_be_repeated(empty: Installation) -> None:
    first = create(empty, *ADA, "--if-none")
    again = create(empty, *ADA, "--if-none")
    another = create(empty, *SAME, "--if-none")

    assert [ended.returncode for ended in (first, again, another)] == [0, 0, 0]
    assert first.stdout == "ada@latchkey.example is an administrator.\n"
    assert {again.stdout, another.stdout} == {
        "There is an administrator already; nothing was changed.\n"
    }
    assert len(empty.run("users").stdout.splitlines()) == 1


def test_an_address_that_is_taken_is_told_without_sql(production: Installation) -> None:
    ended = create(production, *SAME)

    assert ended.returncode == 1
    assert ended.stderr == "Another user has this e-mail address.\n"


def test_a_password_that_comes_unasked_is_told_of_its_option(production: Installation) -> None:
    ended = production.run("create-admin", *ADA, given=f"{PASSWORD}\n")

    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert line.endswith("nobody can be asked; use --password-stdin")


def test_a_missing_address_does_not_take_the_line_of_the_password(production: Installation) -> None:
    ended = create(production)

    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert line.endswith("nobody can be asked; use --email")


def test_who_is_disabled_is_told_and_stays_so_with_a_new_password(empty: Installation) -> None:
    create(empty, *ADA)
    create(empty, *SAME)
    empty.run("disable-user", "ada@latchkey.example")

    set_one = ("set-password", "ada@latchkey.example", "--password-stdin")
    ended = empty.run(*set_one, given=f"{PASSWORD}-2\n")

    assert ended.returncode == 0
    assert "ada@latchkey.example stays disabled, until `latchkey enable-user" in ended.stdout
    words = [line.split()[2:] for line in empty.run("users").stdout.splitlines()]
    assert words == [
        ["ADMIN", "enabled", ADMIN.email, *ADMIN.name.split()],
        ["ADMIN", "disabled", "ada@latchkey.example", "Ada"],
    ]
    [only] = empty.run("users", "--disabled").stdout.splitlines()
    assert "ada@latchkey.example" in only


def test_a_person_who_is_deleted_leaves_neither_name_nor_address(empty: Installation) -> None:
    create(empty, *SAME)
    create(empty, *ADA)

    deleted = empty.run("delete-user", "ada@latchkey.example", "--yes")
    last = empty.run("delete-user", ADMIN.email, "--yes")

    assert (deleted.returncode, last.returncode) == (0, 1)
    assert len(empty.run("users").stdout.splitlines()) == 1
    assert "ada@" not in empty.run("audit", "--json").stdout
    assert empty.run("doctor").returncode == 0
    assert create(empty, *ADA).returncode == 0
