"""What an operator is told about the mail server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from contract.flow.in_process import ENVIRON
from harness.mail_server import PASSWORD, USER, Server, mail_server
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
    sent = run("send-test-mail", "Ada@BÜCHER.example", SMTP_URL=url_of(server), **MAIL)

    assert (sent.exit_code, "was taken" in sent.stdout) == (0, True)
    [taken] = server.handler.taken
    assert (taken.sender, taken.user) == ("no-reply@example.com", USER)
    assert taken.recipients == ("Ada@xn--bcher-kva.example",)


def test_a_test_mail_that_is_not_taken_says_why(server: Server) -> None:
    server.handler.rcpt = lambda _: "550 5.1.1 nobody"

    sent = run("send-test-mail", "ada@example.com", SMTP_URL=url_of(server), **MAIL)

    assert sent.exit_code == 1
    assert sent.stderr.splitlines()[-1] == "The mail was not sent: 550 5.1.1."


def test_without_a_server_a_test_mail_is_kept(tmp_path: Path) -> None:
    sent = run("send-test-mail", "ada@example.com", LATCHKEY_HOME=str(tmp_path))

    assert sent.exit_code == 0
    assert len([*(tmp_path / "mailbox").iterdir()]) == 1


def test_a_text_that_is_no_address_gets_no_test_mail(server: Server) -> None:
    sent = run("send-test-mail", "a,b@example.com", SMTP_URL=url_of(server), **MAIL)

    assert (sent.exit_code, sent.stderr.partition(":")[0]) == (1, "email")
    assert server.handler.taken == []


def test_a_template_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    sent = run("send-test-mail", "ada@example.com", MAIL_TEMPLATES=str(tmp_path / "nowhere"))

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
    examined = run(
        "doctor", SMTP_URL=url_of(server, password), DATABASE_URL=shared_database, **MAIL
    )

    assert line in examined.stdout
    assert set(server.handler.logins) == {USER}  # some clients try more than one mechanism
    assert server.handler.taken == []
