"""Links that were sent to addresses whose domain may no longer register."""

from dataclasses import replace
from typing import Final

import pytest

from latchkey.domain.accounts.errors import RegistrationClosedError
from latchkey.domain.accounts.registration import RegistrationDomains
from latchkey.domain.accounts.user import Role
from latchkey.testing.factories import UserFactory
from unit.application.registration.test_complete_registration import command, link_of
from unit.application.service import Service

pytestmark = pytest.mark.anyio

ELSEWHERE: Final = RegistrationDomains(names=frozenset({"elsewhere.example"}))


@pytest.mark.requirement("RG-4")
async def test_links_that_were_sent_to_other_domains_make_nobody(service: Service) -> None:
    asked = UserFactory.build()
    token = await link_of(service, asked)
    complete = replace(service.container.complete_registration(), domains=ELSEWHERE)

    with pytest.raises(RegistrationClosedError):
        await complete(command(token))

    assert await service.storage.users.by_email(asked.email) is None


async def test_invitations_are_good_whatever_their_domain(service: Service) -> None:
    admin, asked = await service.added_user(role=Role.ADMIN), UserFactory.build()
    token = await link_of(service, asked, admin)
    complete = replace(service.container.complete_registration(), domains=ELSEWHERE)

    assert (await complete(command(token))).user.email == asked.email
