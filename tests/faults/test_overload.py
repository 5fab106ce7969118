"""More is asked than can be done at once: what is too much is put off, and nobody else waits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import httpx
import pytest

from faults.conftest import CALM
from harness.nodes import Node
from harness.service import Installation
from latchkey.entrypoints.container.accounts import QUEUE
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account
from latchkey.testing.flow.expectations import assert_problem, assert_retry_later
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.visitor import SignedIn, Visitor
from production.deployment import PROXY, visitor_of

pytestmark = [pytest.mark.anyio, pytest.mark.alone("asks for more than the machine can do")]

SESSIONS = 8
LIMIT = 15.0  # s: 3 to wait for a connection, 2 for a statement, the rest for a busy machine
CHEAP = 5


@pytest.fixture
async def small(production: Installation) -> AsyncIterator[Visitor]:
    """Somebody at a service with one connection, and with as many hashes at once as cores."""
    limits = {"WORKERS": "1", "POOL_SIZE": "1"}
    async with AsyncExitStack() as stack:
        service = stack.enter_context(production.serving(**CALM | limits))
        yield visitor_of(await stack.enter_async_context(service.client(PROXY)))


@pytest.fixture
async def signed_in(visitor: Visitor, account: Account) -> list[SignedIn]:
    return [await visitor.sign_in(account) for _ in range(SESSIONS)]


@pytest.mark.requirement("RS-15", "ER-3")
async def test_while_statements_wait_for_a_lock_all_else_is_put_off_and_goes_on_afterwards(
    small: Visitor, signed_in: list[SignedIn], node: Node
) -> None:
    somebody = await asyncpg.connect(node.dsn)
    async with somebody.transaction(), asyncio.timeout(LIMIT):
        await somebody.execute("LOCK TABLE sessions")
        waiting = asyncio.gather(*(small.refresh(each.refresh) for each in signed_in))
        live = [await small.http.get("/health/live") for _ in range(CHEAP)]
        forged = [await small.refresh("x" * 100) for _ in range(CHEAP)]
        has_waited_for_nobody = not waiting.done()
        put_off = await waiting
    await somebody.close()
    later = [await small.refresh(each.refresh) for each in signed_in]

    assert has_waited_for_nobody
    assert {answer.status_code for answer in live} == {200}
    for answer in forged:
        assert_problem(answer, 401, "refresh_token_invalid")
    for answer in put_off:
        assert_retry_later(answer, 503, "storage_unavailable")
    assert {answer.status_code for answer in later} == {200}


@pytest.mark.requirement("LG-4")
async def test_a_storm_of_logins_is_refused_beyond_the_queue_and_nobody_else_notices(
    small: Visitor, account: Account, signed_in: list[SignedIn]
) -> None:
    guess = {"email": new_email(), "password": GOOD_PASSWORD}
    answers: list[httpx.Response] = []

    async def log_in() -> None:
        answers.append(await small.login(guess))

    storm = [asyncio.create_task(log_in()) for _ in range(2 * QUEUE)]
    await asyncio.wait(storm, return_when=asyncio.FIRST_COMPLETED)
    mine = [await small.me(signed_in[0].access) for _ in range(CHEAP)]
    refreshed = [await small.refresh(each.refresh) for each in signed_in]
    is_amid_the_storm = len(answers) < len(storm)
    await asyncio.gather(*storm)
    afterwards = await small.login(account.credentials)

    assert is_amid_the_storm
    assert {answer.status_code for answer in mine + refreshed} == {200}
    statuses = [answer.status_code for answer in answers]
    last_refusal = len(statuses) - 1 - statuses[::-1].index(503)
    assert len(statuses[last_refusal:]) > QUEUE // 2
    for answer in answers:
        if answer.status_code == 503:
            assert_retry_later(answer, 503, "password_hasher_busy")
        else:
            assert_problem(answer, 401, "invalid_credentials")
    assert afterwards.status_code == 200
