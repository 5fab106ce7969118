"""The rights that deploy/grants.sql gives the service are all that it needs, and no more.

The suites of the ports, and the flow on PostgreSQL, run with these rights, too.
"""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from harness.postgres import as_service, granted
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.inspection import GRANTS, inspect
from latchkey.adapters.postgres.revisions import SchemaState
from latchkey.adapters.postgres.sessions.takeovers import PostgresTakeovers
from latchkey.domain.accounts.user import Role
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.kernel.errors import StorageFaultError
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.mail.mail import MailKind, notice
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.throttle import Count
from latchkey.testing.factories import OrderFactory, audit_event, password_hash, totp_factor
from latchkey.testing.frozen_clock import START, FrozenClock
from latchkey.testing.ports.passkeys import USE, passkey
from latchkey.testing.ports.remembered_devices import remembered_device
from latchkey.testing.ports.storage import IDLE, opened_session

pytestmark = pytest.mark.anyio

MANUAL: Final = Path(__file__).parents[3] / "docs" / "operations" / "postgresql.md"
COUNT: Final = Count(
    purpose="test", parts=("ada",), rate=Rate(count=9, period=timedelta(minutes=1))
)
HOUR: Final = timedelta(hours=1)


def grants() -> list[tuple[str, str]]:
    """Take the statements apart: each privilege on each table."""
    return [
        (privilege, table)
        for privileges, tables in re.findall(r"GRANT (.+) ON (.+) TO", granted())
        for table in tables.split(", ")
        for privilege in privileges.split(", ")
    ]


@pytest.fixture
def dsn(own_postgres_dsn: str) -> str:
    """A database as somebody who may do what the grants say."""
    return as_service(own_postgres_dsn)


@pytest.fixture
async def storage(dsn: str, clock: FrozenClock) -> AsyncIterator[PostgresStorage]:
    storage = PostgresStorage(PostgresConfig(dsn=dsn), clock)
    await storage.open()
    yield storage
    await storage.close()


async def use(storage: PostgresStorage, dsn: str) -> None:
    """Do everything that the service and its commands do with rows."""
    opened = await opened_session(storage)
    user, event = opened.user, audit_event()

    assert await storage.sessions.rotate(opened.token, current=0, now=START, idle=IDLE)
    assert await storage.sessions.end(opened.token, EndReason.LOGGED_OUT)
    assert await storage.sessions.prune(START + HOUR, limit=9) == (opened.session.id,)
    assert await storage.users.set_role(user.id, Role.ADMIN)
    assert await storage.password_credentials.change_password(user.id, password_hash())
    assert await storage.throttle.hit(COUNT, now=START) is None
    await storage.throttle.succeed(COUNT, now=START)
    await storage.throttle.prune(START + HOUR, limit=9)
    await storage.orders.add(OrderFactory.build(user_id=user.id))
    assert (await storage.orders.page_of(user.id, after=None, limit=1)).items
    mail = notice(MailKind.TEST, user, START, language="en", lifetime=HOUR)
    await storage.outbox.add(mail)
    assert await storage.outbox.claim(START, until=START + HOUR, limit=9)
    assert await storage.outbox.remove(mail.id)
    await storage.outbox.prune(START + HOUR, limit=9)
    link = Link.ask(LinkKind.PASSWORD_RESET, user.email, START, HOUR)
    await storage.links.add(link)
    await storage.links.bind(link.id)
    assert await storage.links.find(link.id)
    assert await storage.links.prune(START + HOUR, limit=9)
    factor = totp_factor()
    await storage.factors.enrol(user.id, factor)
    assert await storage.factors.confirm(user.id, factor.id, 1)
    new = passkey()
    assert await storage.passkeys.add(user.id, new)
    assert await storage.passkeys.spend(new.id, new_id(START), USE)
    remembered = remembered_device(user.id)
    await storage.remembered_devices.add(remembered, keep=1)
    version, hashed = remembered.password_version, remembered.secret_hash
    assert await storage.remembered_devices.use(
        hashed, user.id, password_version=version, now=START
    )
    assert await storage.remembered_devices.forget(user.id) == (remembered.id,)
    assert await storage.factors.remove(user.id)
    await storage.audit.append(event)
    assert await storage.audit.read(AuditFilter(), limit=9) == (event,)
    assert isinstance(storage.takeovers, PostgresTakeovers)
    await storage.takeovers.note(START)
    assert (await inspect(dsn)).schema is SchemaState.CURRENT
    await storage.ping()


@pytest.mark.requirement("ER-5")
async def test_the_service_needs_no_more_than_rows(storage: PostgresStorage, dsn: str) -> None:
    await use(storage, dsn)


@pytest.mark.requirement("ER-5")
@pytest.mark.parametrize(("privilege", "table"), grants())
async def test_the_service_needs_each_privilege_that_it_is_granted(
    storage: PostgresStorage, dsn: str, own_postgres_dsn: str, privilege: str, table: str
) -> None:
    owner = await asyncpg.connect(own_postgres_dsn)
    await owner.execute(f"REVOKE {privilege} ON {table} FROM latchkey_service")
    await owner.close()

    with pytest.raises((StorageFaultError, AssertionError)):
        await use(storage, dsn)
    assert (await inspect(dsn)).missing_grants == ((table, privilege),)


def test_the_rights_that_are_inspected_are_those_of_the_grants() -> None:
    inspected = [(right, table) for table, rights in GRANTS.items() for right in rights]

    assert sorted(inspected) == sorted(grants())


@pytest.mark.requirement("ER-5")
async def test_what_a_pooler_may_lose_is_what_the_document_gives_the_role(dsn: str) -> None:
    settings = re.findall(r"ALTER ROLE latchkey_service SET (\w+) = '(\w+)';", MANUAL.read_text())
    connection = await connect(PostgresConfig(dsn=dsn))

    told = [await connection.fetchval(f"SHOW {name}") for name, _ in settings]
    await connection.close()

    assert settings
    assert told == [value for _, value in settings]


@pytest.mark.requirement("ER-5")
@pytest.mark.parametrize(
    "command",
    [
        "CREATE TABLE own ()",
        "ALTER TABLE users ADD own int",
        "DROP TABLE sessions",
        "TRUNCATE orders",
        "ALTER TABLE audit_events DISABLE TRIGGER ALL",
        "DELETE FROM audit_events",
        "CREATE ROLE other SUPERUSER",
    ],
)
async def test_with_the_services_rights_the_schema_can_not_be_changed(
    dsn: str, command: str
) -> None:
    connection = await asyncpg.connect(dsn)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(command)

    await connection.close()
