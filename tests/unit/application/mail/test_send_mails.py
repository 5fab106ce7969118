"""What becomes of a mail, whatever the mail server says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from typing_extensions import override

from latchkey.application.links.prepare_link import PreparedLink
from latchkey.application.mail.send_mails import Delivery, Outcome, SendMails
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.mail.mail import Mail, MailKind, notice
from latchkey.domain.mail.transport import (
    MailDelayedError,
    MailRefusedError,
    MailTransport,
    Message,
)
from latchkey.testing.factories import UserFactory, address
from unit.application.asking import asked_for_link
from unit.application.service import Service

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
LEASE = timedelta(minutes=2)


class Server(MailTransport):
    """Takes messages, or raises what it is told to."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = [*errors]
        self.taken: list[Message] = []

    @override
    async def send(self, message: Message) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.taken.append(message)


async def waiting_mail(service: Service, email: str | None = None) -> Mail:
    user = UserFactory.build(**({"email": address(email)} if email else {}))
    mail = notice(MailKind.PASSWORD_CHANGED, user, service.clock.now(), language="en", lifetime=DAY)
    await service.storage.outbox.add(mail)
    return mail


def sending(service: Service, server: Server) -> SendMails:
    return replace(service.container.send_mails(), transport=server)


async def sent_once(service: Service, server: Server) -> list[Delivery]:
    send = sending(service, server)
    return [await send.send(claim) for claim in await send.claim(limit=9)]


@pytest.mark.requirement("MA-6")
async def test_a_mail_that_is_taken_leaves_nothing_but_an_event(service: Service) -> None:
    mail, server = await waiting_mail(service), Server()

    [delivery] = await sent_once(service, server)

    assert delivery == Delivery(outcome=Outcome.SENT)
    assert [message.recipient for message in server.taken] == [mail.recipient.text]
    service.clock.move(DAY / 2)
    assert await sending(service, server).claim(limit=9) == ()
    [event] = await service.events()
    assert (event.action, event.user_id) == (AuditAction.MAIL_SENT, mail.user_id)
    assert event.detail == {"kind": "password_changed", "mail": str(mail.id), "attempts": "1"}


async def test_a_second_copy_is_the_same_bytes_and_noted_once(service: Service) -> None:
    await waiting_mail(service)
    server = Server()
    send = sending(service, server)
    [first] = await send.claim(limit=9)
    service.clock.move(LEASE)
    [second] = await send.claim(limit=9)

    for claim in (first, second):
        await send.send(claim)

    assert server.taken[0] == server.taken[1]
    assert [event.detail["attempts"] for event in await service.events()] == ["1"]


async def test_a_mail_that_is_refused_is_tried_once(service: Service) -> None:
    await waiting_mail(service)
    server = Server(MailRefusedError("550 5.1.1"))

    [delivery] = await sent_once(service, server)
    service.clock.move(DAY / 2)

    assert delivery == Delivery(outcome=Outcome.FAILED, reason="550 5.1.1")
    assert await sent_once(service, server) == []
    [event] = await service.events()
    assert (event.action, event.detail["reason"]) == (AuditAction.MAIL_FAILED, "550 5.1.1")


async def test_a_mail_that_is_delayed_is_tried_again_after_longer_and_longer_waits(
    service: Service,
) -> None:
    await waiting_mail(service)
    server = Server(*(MailDelayedError("451") for _ in range(3)))

    for longest in (10, 20, 40):
        assert await sent_once(service, server) == [Delivery(outcome=Outcome.DELAYED, reason="451")]
        service.clock.move(timedelta(seconds=0.74 * longest))
        assert await sent_once(service, server) == []
        service.clock.move(timedelta(seconds=0.27 * longest))

    assert await sent_once(service, server) == [Delivery(outcome=Outcome.SENT)]
    [event] = await service.events()
    assert event.detail["attempts"] == "4"


@pytest.mark.requirement("MA-5")
async def test_one_that_is_delayed_delays_no_other(service: Service) -> None:
    await waiting_mail(service)
    service.clock.move(timedelta(milliseconds=1))
    other = await waiting_mail(service)
    server = Server(MailDelayedError("timeout"))

    deliveries = await sent_once(service, server)

    assert [each.outcome for each in deliveries] == [Outcome.DELAYED, Outcome.SENT]
    assert [message.recipient for message in server.taken] == [other.recipient.text]


async def test_a_mail_that_is_no_longer_worth_sending_is_not_sent(service: Service) -> None:
    mail, server = await waiting_mail(service), Server()
    service.clock.move(DAY)

    [delivery] = await sent_once(service, server)

    assert delivery.outcome is Outcome.EXPIRED
    assert server.taken == []
    [event] = await service.events()
    assert (event.action, event.user_id) == (AuditAction.MAIL_EXPIRED, mail.user_id)


@pytest.mark.requirement("MA-1")
@pytest.mark.parametrize(
    "stored",
    [
        "a,b@example.com",
        "x<victim@example.com",
        "victim@example.com(x)",
        '"a b"@example.com',
        "a:victim@example.com",
        "a@[127.0.0.1]",
        "a@example.com.",
    ],
)
async def test_a_stored_address_that_could_not_be_set_gets_no_mail(
    service: Service, stored: str
) -> None:
    mail = replace(await waiting_mail(service), recipient=replace(address("a@b.c"), text=stored))
    await service.storage.outbox.remove(mail.id)
    await service.storage.outbox.add(mail)
    server = Server()

    [delivery] = await sent_once(service, server)

    assert delivery == Delivery(outcome=Outcome.FAILED, reason="address")
    assert server.taken == []


@pytest.mark.requirement("MA-6", "RP-2", "RP-3")
async def test_a_mail_with_a_link_goes_to_the_user_who_has_the_address(service: Service) -> None:
    user, server = await service.added_user(), Server()
    link_id = await asked_for_link(service, replace(user, email=address(user.email.text.upper())))

    [delivery] = await sent_once(service, server)

    assert delivery.outcome is Outcome.SENT
    [message] = server.taken
    assert message.recipient == user.email.text
    link = await service.container.prepare_link()(link_id)
    assert isinstance(link, PreparedLink)
    assert link.token.encode() in message.content
    [event] = await service.events(AuditAction.MAIL_SENT)
    assert (event.user_id, event.detail["kind"]) == (user.id, "password_reset")
    assert link.token not in str(event)


async def test_a_second_copy_of_a_link_is_the_same_bytes(service: Service) -> None:
    user, server = await service.added_user(), Server(MailDelayedError("timeout"))
    await asked_for_link(service, user)
    send = sending(service, server)
    [claim] = await send.claim(limit=9)

    outcomes = [(await send.send(claim)).outcome for _ in range(3)]

    assert outcomes == [Outcome.DELAYED, Outcome.SENT, Outcome.SENT]
    assert server.taken[0] == server.taken[1]


@pytest.mark.requirement("RP-8")
async def test_a_mail_with_a_link_for_nobody_is_gone_without_a_trace(service: Service) -> None:
    user, server = UserFactory.build(), Server()
    await asked_for_link(service, user)
    before = await service.actions()

    [delivery] = await sent_once(service, server)

    assert delivery == Delivery(outcome=Outcome.UNNEEDED)
    assert server.taken == []
    service.clock.move(DAY)
    assert await sending(service, server).claim(limit=9) == ()
    assert await service.actions() == before


async def test_a_mail_whose_link_has_expired_is_not_sent(service: Service) -> None:
    user, server = await service.added_user(), Server()
    await asked_for_link(service, user)
    service.clock.move(timedelta(hours=1))

    [delivery] = await sent_once(service, server)

    assert (delivery.outcome, server.taken) == (Outcome.EXPIRED, [])
