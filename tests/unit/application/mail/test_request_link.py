"""What it takes to ask for a link, and what is kept of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from latchkey.application.mail.mail_throttle import MailLimits, MailThrottle
from latchkey.application.mail.request_link import RequestLink, RequestLinkCommand
from latchkey.domain.audit.event import AuditAction, RequestSource
from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.mail.errors import MailDisabledError, TooManyMailsError
from latchkey.domain.mail.mail import LINKED, MailKind
from latchkey.domain.throttling.rate import Rate
from latchkey.testing.factories import SOURCE
from unit.application.service import PSEUDONYMS, Service

pytestmark = pytest.mark.anyio

HOUR: Final = timedelta(hours=1)
ADDRESS: Final = "Ada@example.org"


def command(email: str = ADDRESS, client: str = SOURCE.address) -> RequestLinkCommand:
    return RequestLinkCommand(email=email, source=RequestSource(address=client))


def limited(service: Service, address: int | None, source: int | None) -> RequestLink:
    limits = MailLimits(
        address=Rate(count=address, period=HOUR) if address else None,
        source=Rate(count=source, period=HOUR) if source else None,
    )
    throttle = MailThrottle(throttle=service.storage.throttle, limits=limits)
    return replace(service.request_reset, throttle=throttle)


async def test_without_mail_nothing_is_asked_for_counted_or_noted(service: Service) -> None:
    ask = replace(limited(service, 1, 1), has_mail=False)

    for _ in range(2):
        with pytest.raises(MailDisabledError):
            await ask(command())

    assert await service.events() == ()
    await limited(service, 1, 1)(command())


@pytest.mark.requirement("MA-6", "RP-2")
async def test_a_request_is_kept_with_the_address_and_noted_without_it(service: Service) -> None:
    await service.request_reset(command(f" {ADDRESS} "))

    now = service.clock.now()
    [claim] = await service.storage.outbox.claim(now, until=now + HOUR, limit=9)
    [event] = await service.events()
    mail = claim.mail
    assert (mail.kind, mail.recipient.text, mail.user_id) == (
        MailKind.PASSWORD_RESET,
        ADDRESS,
        None,
    )
    assert dict(mail.facts) == {}
    assert timedelta(0) <= now + HOUR - mail.give_up_at < timedelta(seconds=1)
    assert event.action is AuditAction.PASSWORD_RESET_REQUESTED
    assert (event.user_id, event.source.address) == (None, SOURCE.address)
    assert event.detail == {"account_hash": PSEUDONYMS.of("ada@example.org")}


async def test_a_mail_is_tried_no_longer_than_its_link_is_good_or_mails_are_tried(
    service: Service,
) -> None:
    await replace(service.request_reset, retry_for=HOUR / 2)(command())

    now = service.clock.now()
    [claim] = await service.storage.outbox.claim(now, until=now + HOUR, limit=9)
    assert claim.mail.give_up_at == now + HOUR / 2


async def test_a_mail_is_in_a_language_that_there_is(service: Service) -> None:
    wanted = replace(command(), languages=("https://evil.example", "de-AT", "en"))
    await service.request_reset(wanted)

    now = service.clock.now()
    [claim] = await service.storage.outbox.claim(now, until=now + HOUR, limit=9)
    assert claim.mail.language == "de"


async def test_what_is_no_address_is_not_counted(service: Service) -> None:
    ask = limited(service, 1, 1)

    for _ in range(3):
        with pytest.raises(InvalidInputError):
            await ask(command("nobody"))

    await ask(command())


@pytest.mark.requirement("RP-8")
async def test_one_address_gets_so_many_mails_from_one_network(service: Service) -> None:
    ask = limited(service, 2, None)
    for _ in range(2):
        await ask(command("ADA@example.org"))

    with pytest.raises(TooManyMailsError) as refused:
        await ask(command("ada@EXAMPLE.org"))

    assert refused.value.retry_after == HOUR / 2
    await ask(command("another@example.org"))
    await ask(command(client="192.0.2.99"))


@pytest.mark.requirement("RP-8")
async def test_all_networks_together_get_five_times_as_many_to_one_address(
    service: Service,
) -> None:
    ask = limited(service, 2, None)
    for number in range(10):
        await ask(command(client=f"192.0.2.{number}"))

    with pytest.raises(TooManyMailsError):
        await ask(command(client="192.0.2.99"))

    service.clock.move(HOUR / 10)
    await ask(command(client="192.0.2.99"))


@pytest.mark.requirement("RP-8")
async def test_one_network_gets_so_many_mails_to_all_addresses(service: Service) -> None:
    ask = limited(service, None, 3)
    for number in range(3):
        await ask(command(f"u{number}@example.org", client=f"2001:db8::{number}"))

    with pytest.raises(TooManyMailsError):
        await ask(command(client="2001:db8::99"))

    await ask(command(client="2001:db8:0:1::"))


@pytest.mark.requirement("RP-8")
async def test_a_wide_network_has_the_limit_of_its_width(service: Service) -> None:
    ask = limited(service, None, 1)
    for number in range(4):
        await ask(command(f"u{number}@example.org", client=f"2001:db8:0:{number:x}::"))

    with pytest.raises(TooManyMailsError):
        await ask(command(client="2001:db8:0:99::"))


async def test_a_refused_request_uses_up_nothing_of_the_address(service: Service) -> None:
    ask = limited(service, 1, 1)
    await ask(command("first@example.org"))
    with pytest.raises(TooManyMailsError):
        await ask(command())

    await ask(command(client="192.0.2.99"))


def test_there_is_a_mail_for_each_kind_of_link() -> None:
    assert {MailKind(kind.value) for kind in LinkKind} == LINKED
