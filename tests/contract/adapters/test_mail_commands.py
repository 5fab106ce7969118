"""What an operator is told about the mail server."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
import pytest
from click.testing import CliRunner, Result

from contract.flow.in_process import ENVIRON
from harness.mail_server import PASSWORD, USER, Server, mail_server
from harness.service import free_port
from latchkey.entrypoints.cli import main

MAIL: Final = {"MAIL_FROM": "no-reply@example.com", "MAIL_CONTACT": "help@example.com"}


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server(None) as server:
        yield server


def run(*command: str, **environ: str) -> Result:
    runner = CliRunner(catch_exceptions=False)
    return runner.invoke(main, command, env={**ENVIRON, **environ})


def url_of(server: Server, password: str = PASSWORD) -> str:
    return server.url(password=password, options="?tls=none")


def test_a_test_mail_is_handed_over_at_once(server: Server) -> None:
    sent = run("mail", "--test", "Ada@BÜCHER.example", SMTP_URL=url_of(server), **MAIL)

    assert (sent.exit_code, "was taken" in sent.stdout) == (0, True)
    [taken] = server.handler.taken
    assert (taken.sender, taken.user) == ("no-reply@example.com", USER)
    assert taken.recipients == ("Ada@xn--bcher-kva.example",)


def test_a_test_mail_that_is_not_taken_says_why(server: Server) -> None:
    server.handler.rcpt = lambda _: "550 5.1.1 nobody"

    sent = run("mail", "--test", "ada@example.com", SMTP_URL=url_of(server), **MAIL)

    assert sent.exit_code == 1
    assert sent.stderr.splitlines()[-1] == "The mail was not sent: 550 5.1.1."


def test_without_a_server_a_test_mail_is_kept(tmp_path: Path) -> None:
    sent = run("mail", "--test", "ada@example.com", LATCHKEY_HOME=str(tmp_path))

    assert sent.exit_code == 0
    assert len([*(tmp_path / "mailbox").iterdir()]) == 1


def test_a_text_that_is_no_address_gets_no_test_mail(server: Server) -> None:
    sent = run("mail", "--test", "a,b@example.com", SMTP_URL=url_of(server), **MAIL)

    assert (sent.exit_code, sent.stderr.partition(":")[0]) == (1, "email")
    assert server.handler.taken == []


def test_a_template_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    sent = run("mail", "--test", "ada@example.com", MAIL_TEMPLATES=str(tmp_path / "nowhere"))

    assert (sent.exit_code, sent.stderr.partition(":")[0]) == (1, "MAIL_TEMPLATES")


@pytest.mark.parametrize(
    ("password", "line"),
    [
        (PASSWORD, "ok      mail: localhost answers"),
        ("wrong", "error   mail: localhost cannot be used (535 5.7.8)"),
    ],
)
def test_the_doctor_authenticates_and_sends_nothing(
    server: Server, shared_database: str, password: str, line: str
) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    settings = {"SMTP_URL": url_of(server, password), "PUBLIC_URL": nowhere, **MAIL}
    examined = run("doctor", DATABASE_URL=shared_database, **settings)

    assert line in examined.stdout
    assert f"warning PUBLIC_URL: {nowhere}/link/ does not answer" in examined.stdout
    assert set(server.handler.logins) == {USER}  # some clients try more than one mechanism
    assert server.handler.taken == []


def test_an_operator_invites_somebody_who_becomes_an_administrator(shared_database: str) -> None:
    email = f"ada.{uuid4()}@example.com"

    invited = run("invite", email, "--role", "admin", DATABASE_URL=shared_database)
    listed = run("mail", DATABASE_URL=shared_database)
    noted = run("audit", "--action", "invitation_sent", "--json", DATABASE_URL=shared_database)

    assert (invited.exit_code, f"An invitation to {email} is on its way" in invited.stdout) == (
        0,
        True,
    )
    [line] = [line for line in listed.stdout.splitlines() if email in line]
    assert " invitation " in line
    assert line.endswith(f"{email} (tried 0 times)")
    detail = json.loads(noted.stdout.splitlines()[-1])["detail"]
    assert (detail["role"], detail["by"]) == ("ADMIN", "command line")


@pytest.mark.parametrize(
    ("email", "environ", "line"),
    [
        ("nobody", {}, "email: must have exactly one @"),
        ("ada@example.com", {"REGISTRATION": "off"}, "Nobody can become a user in this way"),
    ],
)
def test_an_invitation_that_cannot_be_sent_says_why(
    shared_database: str, email: str, environ: dict[str, str], line: str
) -> None:
    ended = run("invite", email, DATABASE_URL=shared_database, **environ)

    assert ended.exit_code == 1
    assert ended.stderr.startswith(line)


def test_failed_mails_are_listed_and_tried_again(shared_database: str) -> None:
    email = f"ada.{uuid4()}@example.com"
    run("invite", email, DATABASE_URL=shared_database)
    mail_id = asyncio.run(given_up(shared_database, email))

    failed = run("mail", "--failed", DATABASE_URL=shared_database)
    retried = run("mail", "--retry", mail_id, DATABASE_URL=shared_database)
    again = run("mail", "--retry", mail_id, DATABASE_URL=shared_database)
    waiting = run("mail", DATABASE_URL=shared_database)

    [line] = [line for line in failed.stdout.splitlines() if email in line]
    assert line.startswith(mail_id)
    assert line.endswith("(tried 1 time, given up: 550 5.1.1)")
    assert (retried.exit_code, again.exit_code) == (0, 1)
    assert again.stderr == f"No mail with the id {mail_id} was given up.\n"
    assert mail_id in waiting.stdout


def test_only_one_thing_is_done_at_a_time(shared_database: str) -> None:
    ended = run("mail", "--failed", "--test", "ada@example.com", DATABASE_URL=shared_database)

    assert ended.exit_code == 2
    assert "cannot be combined" in ended.stderr


async def given_up(dsn: str, email: str) -> str:
    """Give up the mail to an address, and return its id."""
    connection = await asyncpg.connect(dsn)
    try:
        found = await connection.fetchval(
            "UPDATE mails SET failure = '550 5.1.1', attempts = 1 WHERE recipient = $1"
            " RETURNING id",
            email,
        )
    finally:
        await connection.close()
    return str(found)
