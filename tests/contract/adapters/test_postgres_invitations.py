"""Invitations of administrators who change meanwhile."""

import asyncpg
import pytest

from contract.adapters.postgres_probes import waiting
from contract.flow.in_process import ENVIRON
from latchkey.adapters.postgres import PostgresStorage
from latchkey.application.registration.complete_registration import CompleteRegistrationCommand
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import Role
from latchkey.domain.links.errors import LinkEndedError
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.testing.factories import SOURCE, UserFactory
from latchkey.testing.ports.storage import (
    added_user,
)
from latchkey.testing.ports.stored_links import new_invitation

pytestmark = pytest.mark.anyio


@pytest.mark.requirement("RG-5")
@pytest.mark.parametrize("is_committed", [False, True])
async def test_the_use_of_an_invitation_waits_for_a_change_of_its_inviter(
    postgres: PostgresStorage, observer: asyncpg.Connection, *, is_committed: bool
) -> None:
    container = Container(settings=from_env(ENVIRON), storage=postgres)
    await added_user(postgres, role=Role.ADMIN)
    admin, asked = await added_user(postgres, role=Role.ADMIN), UserFactory.build()
    link = new_invitation(asked, admin, Role.ADMIN, postgres.clock.now())
    await postgres.links.add(link)
    token = link.token
    assert token is not None
    encoded = container.link_codec().encode(token)
    command = CompleteRegistrationCommand(
        token=encoded, name="Grace", password=Password("violet kettle 41"), source=SOURCE
    )
    async with postgres.units.begin() as unit:
        await unit.users.set_role(admin.id, Role.USER)
        completing = await waiting(observer, container.complete_registration()(command))
        if is_committed:
            await unit.commit()

    if is_committed:
        with pytest.raises(LinkEndedError):
            await completing
        assert await postgres.users.by_email(asked.email) is None
    else:
        assert (await completing).user.role is Role.ADMIN
