"""Mails over SMTP, to a real server that refuses, stalls and breaks off."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Final

import pytest
import trustme

from contract.adapters.mail_transport import MESSAGE, SENDER, delayed, transport_to
from harness.mail_server import LOST, USER, Server, mail_server
from latchkey.domain.mail.transport import MailDelayedError, MailRefusedError, Message

pytestmark = pytest.mark.anyio

BEYOND: Final = Message(
    id="2",
    recipient="ädä@example.com",
    content="To: ädä@example.com\r\nSubject: Hi\r\n\r\nText\r\n".encode(),
)


@pytest.fixture(autouse=True)
async def loop() -> AsyncIterator[None]:
    """Let what a test has closed go away before its event loop does."""
    yield
    await asyncio.sleep(0)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture(scope="module")
def certified(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def server(certified: ssl.SSLContext) -> Iterator[Server]:
    with mail_server(certified) as server:
        yield server


@pytest.mark.requirement("MA-1", "MA-2")
async def test_a_message_goes_to_its_one_recipient_as_it_is_encrypted_and_authenticated(
    server: Server, trust: ssl.SSLContext
) -> None:
    await transport_to(server, trust).send(MESSAGE)

    [taken] = server.handler.taken
    assert (taken.sender, taken.recipients) == (SENDER, (MESSAGE.recipient,))
    assert taken.content == MESSAGE.content
    assert taken.was_encrypted
    assert taken.user == USER


async def test_many_messages_at_once_are_all_taken(server: Server, trust: ssl.SSLContext) -> None:
    transport = transport_to(server, trust)

    await asyncio.gather(*(transport.send(MESSAGE) for _ in range(10)))

    assert len(server.handler.taken) == 10


async def test_a_check_authenticates_and_sends_nothing(
    server: Server, trust: ssl.SSLContext
) -> None:
    offer = await transport_to(server, trust).check()

    assert {"smtputf8", "8bitmime"} <= set(offer.extensions)
    assert server.handler.logins == [USER]
    assert server.handler.taken == []


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ("550 5.1.1 nobody <ada@example.com>", MailRefusedError, "550 5.1.1"),
        ("553 no enhanced code", MailRefusedError, "553"),
        ("450 4.2.0 greylisted", MailDelayedError, "450 4.2.0"),
    ],
)
async def test_a_refused_recipient_is_refused_for_good_or_for_now(
    server: Server, trust: ssl.SSLContext, answer: str, kind: type[Exception], reason: str
) -> None:
    server.handler.rcpt = lambda _: answer

    with pytest.raises(kind) as caught:
        await transport_to(server, trust).send(MESSAGE)

    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ("554 5.7.1 spam", MailRefusedError, "554 5.7.1"),
        ("451 4.3.0 later", MailDelayedError, "451 4.3.0"),
        (LOST, MailDelayedError, "disconnected"),
    ],
)
async def test_a_refused_message_is_refused_for_good_or_for_now(
    server: Server, trust: ssl.SSLContext, answer: str, kind: type[Exception], reason: str
) -> None:
    server.handler.data = lambda _: answer

    with pytest.raises(kind) as caught:
        await transport_to(server, trust).send(MESSAGE)

    assert str(caught.value) == reason


async def test_a_wrong_password_only_delays_since_the_operator_can_correct_it(
    server: Server, trust: ssl.SSLContext
) -> None:
    transport = transport_to(server, trust, url=server.url(password="wrong"))

    assert (await delayed(transport)).startswith("535")
    assert server.handler.taken == []


@pytest.mark.requirement("MA-2")
async def test_a_server_without_starttls_gets_neither_password_nor_message() -> None:
    with mail_server(None) as server:
        reason = await delayed(transport_to(server))

        assert "STARTTLS" in reason
        assert (server.handler.logins, server.handler.taken) == ([], [])


@pytest.mark.requirement("MA-2")
async def test_a_certificate_that_nobody_vouches_for_is_not_accepted(server: Server) -> None:
    reason = await delayed(transport_to(server))

    assert reason.startswith("tls: ")
    assert (server.handler.logins, server.handler.taken) == ([], [])


@pytest.mark.requirement("MA-2")
async def test_a_certificate_of_another_host_is_not_accepted(
    server: Server, trust: ssl.SSLContext
) -> None:
    url = server.url().replace("localhost", "127.0.0.1")

    reason = await delayed(transport_to(server, trust, url=url))

    assert reason.startswith("tls: ")
    assert server.handler.logins == []


async def test_a_server_on_this_machine_may_go_without_tls() -> None:
    with mail_server(None, has_login=False) as server:
        url = server.url(user=None, options="?tls=none")

        await transport_to(server, url=url).send(MESSAGE)

        assert [taken.was_encrypted for taken in server.handler.taken] == [False]


async def test_a_recipient_beyond_ascii_is_sent_with_smtputf8(
    server: Server, trust: ssl.SSLContext
) -> None:
    await transport_to(server, trust).send(BEYOND)

    [taken] = server.handler.taken
    assert taken.recipients == (BEYOND.recipient,)
    assert taken.content == BEYOND.content
    assert "SMTPUTF8" in taken.options


async def test_a_server_without_smtputf8_refuses_a_recipient_beyond_ascii_and_no_other(
    certified: ssl.SSLContext, trust: ssl.SSLContext
) -> None:
    with mail_server(certified, has_utf8=False) as server:
        transport = transport_to(server, trust)

        with pytest.raises(MailRefusedError, match=r"^smtputf8$"):
            await transport.send(BEYOND)
        await transport.send(MESSAGE)

        assert [taken.recipients for taken in server.handler.taken] == [(MESSAGE.recipient,)]


async def test_a_server_that_is_away_delays() -> None:
    with mail_server(None) as server:
        pass

    assert (await delayed(transport_to(server))).startswith("connection: ")
