"""Changes of an address whose user changes meanwhile."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from contract.adapters.postgres_probes import waiting
from contract.flow.in_process import ENVIRON
from latchkey.adapters.postgres import PostgresStorage
from latchkey.application.own_account.change_email import ChangeEmailCommand
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import User
from latchkey.domain.links.errors import LinkEndedError
from latchkey.domain.unit_of_work import UnitOfWork
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.testing.factories import SOURCE, UserFactory, address, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.stored_links import new_email_change

pytestmark = pytest.mark.anyio

Change = Callable[[UnitOfWork, User], Awaitable[object]]

CHANGES: dict[str, Change] = {
    "password": lambda unit, user: unit.password_credentials.change_password(
        user.id, password_hash()
    ),
    "disable": lambda unit, user: unit.users.disable(user.id, START),
}


@pytest.mark.requirement("EC-3")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("is_committed", [False, True])
async def test_a_change_of_the_address_waits_for_one_of_its_user(
    postgres: PostgresStorage, observer: asyncpg.Connection, change: Change, *, is_committed: bool
) -> None:
    container = Container(settings=from_env(ENVIRON), storage=postgres)
    password, user = Password("violet kettle 41"), UserFactory.build()
    await postgres.users.add(user, await container.hasher().hash(password))
    wanted = address("wanted@example.org")
    link = new_email_change(user, wanted, postgres.clock.now())
    await postgres.links.add(link)
    token = link.token
    assert token is not None
    command = ChangeEmailCommand(
        token=container.link_codec().encode(token), password=password, source=SOURCE
    )
    async with postgres.units.begin() as unit:
        await change(unit, user)
        changing = await waiting(observer, container.change_email()(command))
        if is_committed:
            await unit.commit()

    if is_committed:
        with pytest.raises(LinkEndedError):
            await changing
        assert await postgres.users.by_email(wanted) is None
    else:
        assert (await changing).user.email == wanted
