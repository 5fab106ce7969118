"""More is asked than can be done at once: what is too much is put off, and nobody else waits."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import count, repeat

import asyncpg
import httpx
import pytest

from faults.conftest import CALM
from harness.nodes import Node
from harness.service import Installation
from latchkey.entrypoints.container.accounts import QUEUE, SHARE
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account
from latchkey.testing.flow.expectations import assert_problem, assert_retry_later
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.visitor import SignedIn, Visitor
from production.deployment import PROXY, visitor_of

pytestmark = [pytest.mark.anyio, pytest.mark.alone("asks for more than the machine can do")]

SESSIONS = 8
LIMIT = 15.0  # s: 3 to wait for a connection, 2 for a statement, the rest for a busy machine
CHEAP = 5
OTHER_PASSWORD = "cedar-Kettle-77-harbour-lamp"


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


def coming_from(number: int) -> dict[str, str]:
    """Come from one of many addresses, as the proxy says."""
    return {"X-Forwarded-For": f"198.51.100.{number}"}


class Storm:
    """Many clients that log in again and again, and pause when they are refused.

    Attributes:
        statuses: Of the answers so far.
    """

    def __init__(self, visitor: Visitor, clients: int, emails: Iterator[str]) -> None:
        self.statuses: list[int] = []
        self._visitor = visitor
        self._emails = emails
        self._clients = clients
        self._is_over = asyncio.Event()
        self._has = {200: asyncio.Event(), 401: asyncio.Event(), 503: asyncio.Event()}

    @asynccontextmanager
    async def blowing(self, first_address: int, addresses: int) -> AsyncIterator[None]:
        """Go on for the length of a block."""
        numbers = (first_address + each % addresses for each in range(self._clients))
        tasks = [asyncio.create_task(self._go_on(coming_from(number))) for number in numbers]
        try:
            yield
        finally:
            self._is_over.set()
            await asyncio.gather(*tasks)

    async def answered(self, status: int) -> None:
        """Wait for an answer."""
        await asyncio.wait_for(self._has[status].wait(), LIMIT)

    async def _go_on(self, headers: dict[str, str]) -> None:
        while not self._is_over.is_set():
            guess = {"email": next(self._emails), "password": GOOD_PASSWORD}
            answer = await self._visitor.login(guess, headers=headers)
            self.statuses.append(answer.status_code)
            self._has[answer.status_code].set()
            if answer.status_code == 503:
                seconds = assert_retry_later(answer, 503, "password_hasher_busy")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._is_over.wait(), seconds)


@pytest.mark.requirement("LG-16")
@pytest.mark.parametrize("is_one_account", [True, False])
async def test_a_storm_of_one_account_or_one_address_leaves_room_for_others(
    small: Visitor, account: Account, *, is_one_account: bool
) -> None:
    one, many = new_email(), (new_email() for _ in count())
    storm = Storm(small, 2 * QUEUE, repeat(one) if is_one_account else many)

    async with storm.blowing(1, QUEUE if is_one_account else 1):
        await storm.answered(503)
        others = [
            await small.login(account.credentials, headers=coming_from(200 + number))
            for number in range(CHEAP)
        ]

    assert [answer.status_code for answer in others] == [200] * CHEAP
    assert storm.statuses.count(503) > QUEUE


@pytest.mark.requirement("LG-16")
@pytest.mark.parametrize("command", [("disable-user",), ("set-password", "--password-stdin")])
async def test_an_operator_shuts_a_user_out_amid_a_storm_of_the_users_logins(
    small: Visitor, account: Account, production: Installation, command: tuple[str, ...]
) -> None:
    storm = Storm(small, SHARE, repeat(account.email))

    async with storm.blowing(1, SHARE):
        await storm.answered(200)
        outcome = await asyncio.to_thread(
            production.run, *command, account.email, given=f"{OTHER_PASSWORD}\n"
        )
        later = await asyncio.gather(
            *(small.login(account.credentials, headers=coming_from(100)) for _ in range(CHEAP))
        )

    assert outcome.returncode == 0, outcome.stderr
    assert not any(answer.is_success for answer in later)


@pytest.mark.requirement("LG-4")
async def test_a_storm_of_logins_is_refused_beyond_the_queue_and_nobody_else_notices(
    small: Visitor, account: Account, signed_in: list[SignedIn]
) -> None:
    answers: list[httpx.Response] = []

    async def log_in(number: int) -> None:
        guess = {"email": new_email(), "password": GOOD_PASSWORD}
        answers.append(await small.login(guess, headers=coming_from(number)))

    storm = [asyncio.create_task(log_in(number)) for number in range(2 * QUEUE)]
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
