"""What PostgreSQL keeps of a deleted account, and how it finds the other administrators."""

import asyncpg
import pytest

from contract.adapters.postgres_probes import waiting
from contract.flow.in_process import ENVIRON
from latchkey.adapters.postgres import PostgresStorage
from latchkey.adapters.postgres.engine.columns import metadata
from latchkey.application.mail.request_link import RequestLinkCommand
from latchkey.application.own_account.delete_account import DeleteAccountCommand
from latchkey.application.own_account.request_email_change import RequestEmailChangeCommand
from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import User
from latchkey.domain.links.link_token import LinkId
from latchkey.domain.sessions.session import Session
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.testing.factories import (
    SOURCE,
    OrderFactory,
    UserFactory,
    address,
    refresh_token,
)
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import added_user

pytestmark = pytest.mark.anyio

PASSWORD = Password("violet kettle 41")


async def _tables_with(observer: asyncpg.Connection, text: str) -> set[str]:
    """Return the tables that have a row with a text, in any case."""
    found = set()
    for name in metadata.tables:
        query = f"SELECT count(*) FROM {name} AS each WHERE each::text ILIKE $1"  # noqa: S608 - our own names
        if await observer.fetchval(query, f"%{text}%"):
            found.add(name)
    return found


async def _busy_user(container: Container, storage: PostgresStorage) -> DeleteAccountCommand:
    """Make a user with orders, sessions and links; return the request to delete the account."""
    user = UserFactory.build(email=address("gone.soon@example.org"), name="Vanishing Victor")
    await storage.users.add(user, await container.hasher().hash(PASSWORD))
    await storage.orders.add(OrderFactory.build(user_id=user.id))
    own = await container.password_login()(
        PasswordLoginCommand(email=user.email.text, password=PASSWORD, replaces=(), source=SOURCE)
    )
    by = container.tokens().verify(own.tokens.access.encoded, storage.clock.now())
    await container.request_reset()(RequestLinkCommand(email=user.email.text, source=SOURCE))
    await container.request_email_change()(
        RequestEmailChangeCommand(
            by=by, email="victor.elsewhere@example.org", current=PASSWORD, source=SOURCE
        )
    )
    now = storage.clock.now()
    for claim in await storage.outbox.claim(now, until=now, limit=9):
        await container.prepare_link()(LinkId(claim.mail.id))  # binds the link for a new password
        await storage.outbox.remove(claim.mail.id)
    return DeleteAccountCommand(by=by, current=PASSWORD, source=SOURCE)


@pytest.mark.requirement("EC-5")
async def test_nothing_but_the_mail_about_it_has_the_address_of_a_deleted_account(
    postgres: PostgresStorage, observer: asyncpg.Connection
) -> None:
    container = Container(settings=from_env(ENVIRON), storage=postgres)
    command = await _busy_user(container, postgres)
    before = await _tables_with(observer, "gone.soon")

    await container.delete_account()(command)

    assert before == {"users", "links"}
    assert await _tables_with(observer, "gone.soon") == {"mails"}
    for text in ("victor", "vanishing"):
        assert await _tables_with(observer, text) == set()
    assert {"users", "sessions", "orders", "audit_events"} <= await _tables_with(
        observer, str(command.by.id)
    )


@pytest.mark.requirement("EC-5")
@pytest.mark.parametrize("is_committed", [False, True])
async def test_a_login_waits_for_a_deletion_and_goes_by_its_outcome(
    postgres: PostgresStorage, observer: asyncpg.Connection, *, is_committed: bool
) -> None:
    user: User = await added_user(postgres)
    session = Session.begin(refresh_token(), user.id, START)
    async with postgres.units.begin() as unit:
        await unit.erasure.erase(user.id, START)
        adding = await waiting(observer, postgres.sessions.add(session, password_version=1))
        if is_committed:
            await unit.commit()

    assert await adding is not is_committed
