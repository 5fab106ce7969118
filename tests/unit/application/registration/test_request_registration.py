"""What it takes to ask for an account, what is kept of it, and which mail is sent."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from latchkey.application.links.prepare_link import AddressTaken, PreparedLink
from latchkey.application.mail.request_link import RequestLinkCommand
from latchkey.domain.accounts.errors import RegistrationClosedError
from latchkey.domain.accounts.registration import Registration
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.links.link_token import LinkId
from latchkey.domain.mail.mail import MailKind
from latchkey.testing.factories import SOURCE, UserFactory
from unit.application.service import PSEUDONYMS, Service

pytestmark = pytest.mark.anyio

HOUR: Final = timedelta(hours=1)
COMMAND: Final = RequestLinkCommand(
    email=" Ada@example.org ", languages=("xx", "de-AT"), source=SOURCE
)


async def asked(service: Service, user: User) -> LinkId:
    await service.container.request_registration()(replace(COMMAND, email=user.email.text))
    now = service.clock.now()
    [claim] = await service.storage.outbox.claim(now, until=now, limit=9)
    await service.storage.outbox.remove(claim.mail.id)
    return LinkId(claim.mail.id)


async def test_a_request_is_kept_with_the_address_and_noted_without_it(service: Service) -> None:
    await service.container.request_registration()(COMMAND)

    now = service.clock.now()
    [claim] = await service.storage.outbox.claim(now, until=now + HOUR, limit=9)
    [event] = await service.events()
    mail = claim.mail
    told = (mail.kind, mail.recipient.text, mail.user_id, mail.language, dict(mail.facts))
    assert told == (MailKind.REGISTRATION, "Ada@example.org", None, "de", {})
    assert timedelta(0) <= now + 24 * HOUR - mail.give_up_at < timedelta(seconds=1)
    assert event.action is AuditAction.REGISTRATION_REQUESTED
    assert (event.user_id, event.source) == (None, SOURCE)
    assert event.detail == {"account_hash": PSEUDONYMS.of("ada@example.org")}


@pytest.mark.requirement("RG-4")
@pytest.mark.parametrize("registration", [Registration.OFF, Registration.INVITATION])
async def test_while_registration_is_closed_nothing_is_kept(
    service: Service, registration: Registration
) -> None:
    with pytest.raises(RegistrationClosedError):
        await replace(service.container.request_registration(), registration=registration)(COMMAND)

    now = service.clock.now()
    assert await service.events() == ()
    assert await service.storage.outbox.claim(now, until=now, limit=9) == ()


async def test_a_link_goes_to_the_address_that_it_was_asked_for(service: Service) -> None:
    somebody = UserFactory.build()
    link_id = await asked(service, somebody)
    prepare = service.container.prepare_link()

    link = await prepare(link_id)

    assert isinstance(link, PreparedLink)
    assert (link.user, link.email) == (None, somebody.email)
    assert await prepare(link_id) == link


@pytest.mark.requirement("RG-2")
@pytest.mark.parametrize("is_disabled", [False, True])
async def test_a_user_is_told_instead(service: Service, is_disabled: bool) -> None:  # noqa: FBT001 - given by pytest
    user = await service.added_user()
    if is_disabled:
        disabled = await service.storage.users.disable(user.id, service.clock.now())
        assert disabled is not None
        user = disabled

    told = await service.container.prepare_link()(await asked(service, user))

    assert told == AddressTaken(user=user)


async def test_a_link_that_would_have_expired_on_arrival_is_not_sent(service: Service) -> None:
    free, taken = (
        await asked(service, UserFactory.build()),
        await asked(service, await service.added_user()),
    )
    service.clock.move(24 * HOUR)

    prepare = service.container.prepare_link()
    assert [await prepare(free), await prepare(taken)] == [None, None]
