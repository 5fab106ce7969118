"""Which links are sent, and to whom."""

from dataclasses import replace
from datetime import timedelta

import pytest

from latchkey.application.links.prepare_link import PreparedLink
from latchkey.application.mail.request_link import RequestLinkCommand
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.links.link_token import LinkId
from latchkey.testing.factories import SOURCE, address, password_hash
from unit.application.asking import asked_for_link
from unit.application.service import Service

pytestmark = pytest.mark.anyio


@pytest.mark.requirement("RP-3")
async def test_a_link_goes_to_the_address_that_is_stored(service: Service) -> None:
    user = await service.added_user()
    upper = replace(user, email=address(user.email.text.upper()))
    link_id = await asked_for_link(service, upper)

    link = await service.container.prepare_link()(link_id)

    assert isinstance(link, PreparedLink)
    assert (link.user, link.email.text) == (user, user.email.text)
    lifetime = link.expires_at - service.clock.now()
    assert timedelta(minutes=59) < lifetime <= timedelta(hours=1)


async def test_a_link_that_is_sent_again_is_the_same(service: Service) -> None:
    link_id = await asked_for_link(service, await service.added_user())
    prepare = service.container.prepare_link()

    assert await prepare(link_id) == await prepare(link_id)


async def test_a_link_to_nobody_is_not_sent(service: Service) -> None:
    user = await service.added_user()
    nobody = replace(user, email=address("nobody@example.org"))

    assert await service.container.prepare_link()(await asked_for_link(service, nobody)) is None
    assert await service.container.prepare_link()(LinkId(new_id(service.clock.now()))) is None


async def test_a_link_to_a_disabled_user_is_not_sent(service: Service) -> None:
    user = await service.added_user()
    await service.storage.users.disable(user.id, service.clock.now())

    assert await service.container.prepare_link()(await asked_for_link(service, user)) is None


async def test_a_link_that_would_not_be_good_on_arrival_is_not_sent(service: Service) -> None:
    user = await service.added_user()
    prepare = service.container.prepare_link()
    first, second = await asked_for_link(service, user), await asked_for_link(service, user)
    assert await prepare(first) is not None

    await service.storage.password_credentials.change_password(user.id, password_hash())

    assert await prepare(first) is None
    assert await prepare(second) is not None
    service.clock.move(timedelta(hours=1))
    assert await prepare(second) is None


async def test_white_space_around_the_address_is_ignored(service: Service) -> None:
    user = await service.added_user()
    padded = RequestLinkCommand(email=f"\t{user.email.text} ", source=SOURCE)
    await service.request_reset(padded)

    now = service.clock.now()
    [claim] = await service.storage.outbox.claim(now, until=now, limit=9)
    assert await service.container.prepare_link()(LinkId(claim.mail.id)) is not None
