"""How many statements each hot path sends to PostgreSQL: each one is a round trip."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from contract.flow.in_process import ADMIN, ENVIRON, InProcessDeployment, make_admin
from harness.postgres import as_service
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.settings import from_env
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.issuers import key_file, new_key
from latchkey.testing.flow.published_keys import JWKS
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

Send = Callable[..., Awaitable[object]]

FORGED: Final = "A" * 100
KEYS: Final = {
    "JWT_KEYS": key_file((new_key("ES256"), ALWAYS)),
    "JWT_ISSUER": "http://latchkey.example",
}


@pytest.fixture
async def visitor(own_postgres_dsn: str, clock: FrozenClock) -> AsyncIterator[Visitor]:
    """Somebody who has logged in before, to a service on PostgreSQL."""
    settings = from_env({**ENVIRON, "LOGIN_LIMIT_ADDRESS": "30/15m", **KEYS})
    storage = PostgresStorage(PostgresConfig(dsn=as_service(own_postgres_dsn), pool_size=1), clock)
    await storage.open()
    app = create_app(settings, storage)
    deployment = InProcessDeployment(app, settings, storage, clock)
    await make_admin(deployment)
    async with deployment.client() as http:
        yield Visitor(http=http)
    await storage.close()


@pytest.fixture
async def admin(visitor: Visitor) -> SignedIn:
    return await visitor.sign_in(ADMIN)


@pytest.fixture
def sent(
    admin: SignedIn,  # noqa: ARG001 - its login is not counted
    own_postgres_dsn: str,
    monkeypatch: pytest.MonkeyPatch,
) -> list[str]:
    """The statements that were sent to the database of this test since the login."""
    statements: list[str] = []
    database = urlsplit(own_postgres_dsn).path[1:]
    for name in ("fetch", "fetchrow", "fetchval", "execute", "executemany"):
        send = getattr(asyncpg.Connection, name)
        monkeypatch.setattr(asyncpg.Connection, name, _noting(statements, database, send))
    return statements


def _noting(statements: list[str], database: str, run: Send) -> Send:
    """Return a method that sends a statement, and notes it if it goes to a database.

    Services of other tests live in the same process, and look for mails now and then.
    """

    def noting(connection: Any, sql: str, *values: object) -> Awaitable[object]:  # noqa: ANN401 - with what is private to it
        if connection._params.database == database:  # noqa: SLF001
            statements.append(sql)
        return run(connection, sql, *values)

    return noting


async def test_a_refresh_is_one_statement(
    visitor: Visitor, admin: SignedIn, sent: list[str]
) -> None:
    answer = await visitor.refresh(admin.refresh)

    assert (answer.status_code, len(sent)) == (200, 1), sent


async def test_a_read_is_one_statement(visitor: Visitor, admin: SignedIn, sent: list[str]) -> None:
    orders = await visitor.orders(admin.access)
    of_orders = len(sent)
    me = await visitor.me(admin.access)

    assert (orders.status_code, of_orders) == (200, 1), sent
    assert (me.status_code, len(sent) - of_orders) == (200, 1), sent


async def test_a_list_of_sessions_writes_nothing(
    visitor: Visitor, admin: SignedIn, sent: list[str]
) -> None:
    answer = await visitor.sessions(admin.access)

    assert answer.status_code == 200
    assert sent
    assert not any(word in each.upper() for each in sent for word in ("UPDATE", "INSERT"))


async def test_a_login_is_eight_statements_and_its_notice_one_more(
    visitor: Visitor, sent: list[str]
) -> None:
    """It counts, finds the user, takes the count back, and opens a session in a transaction."""
    strange = await visitor.login(ADMIN.credentials)
    of_strange = len(sent)
    device = SetCookie.of_device(strange).header
    known = await visitor.login(ADMIN.credentials, headers=device)

    assert (strange.status_code, of_strange) == (200, 9), sent
    assert (known.status_code, len(sent) - of_strange) == (200, 8), sent


@pytest.mark.requirement("RS-7")
async def test_a_forged_token_is_no_statement(visitor: Visitor, sent: list[str]) -> None:
    refreshed = await visitor.refresh(FORGED)
    read = await visitor.me(FORGED)
    logged_out = await visitor.logout(FORGED)

    assert [answer.status_code for answer in (refreshed, read, logged_out)] == [401, 401, 200]
    assert sent == []


async def test_fetching_the_published_keys_sends_no_statement_and_counts_as_no_login(
    visitor: Visitor, sent: list[str]
) -> None:
    answers = {(await visitor.http.get(JWKS)).status_code for _ in range(1_000)}
    sent_for_keys = list(sent)
    login = await visitor.login(ADMIN.credentials)

    assert (answers, sent_for_keys) == ({200}, [])
    assert login.status_code == 200


@pytest.mark.requirement("RP-8", "RG-2")
@pytest.mark.parametrize("ask", [Visitor.request_reset, Visitor.register])
async def test_the_statements_of_a_request_for_a_link_are_the_same_for_every_address(
    visitor: Visitor, sent: list[str], ask: Callable[..., Awaitable[httpx.Response]]
) -> None:
    counts = []
    for email in (ADMIN.email, "nobody@latchkey.example"):
        before = len(sent)
        answer = await ask(visitor, email)
        assert answer.status_code == 202
        counts.append(sent[before:])

    assert counts[0] == counts[1]
    assert counts[0]
    assert not any("users" in statement for statement in sent)


@pytest.mark.requirement("EC-2")
async def test_the_statements_of_a_request_for_another_address_are_the_same_for_every_address(
    visitor: Visitor, admin: SignedIn, sent: list[str]
) -> None:
    body = NewUser.of(Account(email="taken@latchkey.example")).body
    assert (await visitor.create_user(admin.access, body)).status_code == 201
    counts = []
    for email in ("taken@latchkey.example", "nobody@latchkey.example"):
        before = len(sent)
        answer = await visitor.request_email_change(admin.access, email, ADMIN.password)
        assert answer.status_code == 202
        counts.append(sent[before:])

    assert counts[0] == counts[1]
    assert counts[0]


@pytest.mark.requirement("RP-2")
async def test_a_forged_link_is_no_statement(visitor: Visitor, sent: list[str]) -> None:
    reset = await visitor.reset_password(FORGED, "correct horse battery")
    read = await visitor.read_link(FORGED)
    registered = await visitor.complete(FORGED, "Ada", "correct horse battery")

    moved = await visitor.change_email(FORGED, "correct horse battery")

    answers = (reset, read, registered, moved)
    assert [each.status_code for each in answers] == [400] * len(answers)
    assert sent == []


@pytest.mark.requirement("MF-1")
async def test_a_login_without_a_second_factor_reads_no_factors(
    visitor: Visitor, sent: list[str]
) -> None:
    answer = await visitor.login(ADMIN.credentials)

    assert answer.status_code == 200
    assert sent
    assert not any("second_factors" in statement for statement in sent)


@pytest.mark.requirement("MF-3")
async def test_a_forged_challenge_is_no_statement(visitor: Visitor, sent: list[str]) -> None:
    for challenge in (FORGED, "A" * 84):
        answer = await visitor.second_factor(challenge, "000000")
        assert answer.status_code == 401

    assert sent == []
