"""The service is asked to end, or loses a worker, while clients work."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack

import psutil
import pytest

from faults.conftest import CALM
from faults.load import PATIENCE, Guest, Reader, Refresher, under_load
from harness.service import Installation, Service
from harness.wire import wire
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.visitor import SignedIn, Visitor
from production.deployment import HOST, PROXY, visitor_of

pytestmark = pytest.mark.anyio

SOON = 20.0  # s, on a busy machine, too; workers that don't end by themselves are killed after 30
POLL = 0.01  # s
AT_ONCE = 4


@pytest.fixture
def ending(production: Installation) -> Iterator[Service]:
    """A service that a test may end."""
    with production.serving(**CALM) as service:
        yield service


@pytest.fixture
async def signed_in(visitor: Visitor, account: Account) -> list[SignedIn]:
    return [await visitor.sign_in(account) for _ in range(8)]


async def until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for what other processes do, and tell nobody."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(POLL)


async def ended(service: Service) -> int:
    """Wait until a service ends by itself, and give its exit status."""
    await until(lambda: service.process.poll() is not None, SOON)
    return service.process.wait()


def workers(service: Service) -> list[psutil.Process]:
    """Find the processes that serve."""
    return psutil.Process(service.process.pid).children()


async def refused(service: Service) -> None:
    """Wait until a service takes no new connection."""
    async with asyncio.timeout(SOON):
        while True:
            try:
                async with wire(service.port):
                    await asyncio.sleep(POLL)
            except ConnectionRefusedError:
                return


async def test_what_was_changed_before_a_stop_was_also_answered(
    production: Installation,
    ending: Service,
    visitor: Visitor,
    account: Account,
    signed_in: list[SignedIn],
) -> None:
    async with ending.client(PROXY) as http:
        own = visitor_of(http)
        refreshers = [Refresher(own, each.refresh) for each in signed_in[1:]]
        guests = [Guest(own, account) for _ in range(AT_ONCE)]
        async with under_load(*refreshers, *guests, Reader(own, signed_in[0])) as load:
            await load.each_gets(200)
            ending.process.terminate()
            status = await ended(ending)
    again = [await visitor.refresh(client.received[-1]) for client in refreshers]

    assert status == 0
    assert {answer.status_code for answer in (*load.answers, *again)} == {200}
    logins = production.audited("--action", "login_succeeded", "--user", account.email)
    assert len(logins) == len(signed_in) + sum(len(guest.answers) for guest in guests)
    repeated = {event["requestId"] for event in production.audited("--action", "refresh_replayed")}
    assert repeated.isdisjoint(answer.headers["x-request-id"] for answer in again)


async def test_a_request_that_was_begun_is_answered_while_new_connections_are_refused(
    ending: Service,
) -> None:
    guess = Account(email=new_email())
    body = json.dumps(guess.credentials).encode()
    head = (
        f"POST /api/auth/login HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Expect: 100-continue\r\n\r\n"
    ).encode()
    async with AsyncExitStack() as stack:
        begun = [await stack.enter_async_context(wire(ending.port)) for _ in range(AT_ONCE)]
        for connection in begun:
            await connection.send(head)
            assert await connection.expect(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"

        ending.process.terminate()
        await refused(ending)
        for connection in begun:
            await connection.send(body)
        answers = [await connection.rest() for connection in begun]

    for answer in answers:
        headers, _, content = answer.partition(b"\r\n\r\n")
        assert headers.startswith(b"HTTP/1.1 401 ")
        assert json.loads(content)["code"] == "invalid_credentials"
    assert await ended(ending) == 0


async def test_a_stop_amid_the_start_takes_effect(production: Installation) -> None:
    service = production.start(**CALM)
    try:
        await until(lambda: len(workers(service)) == 2)
        service.process.terminate()

        assert await ended(service) == 0
    finally:
        service.end()


async def test_a_killed_worker_is_replaced_while_the_other_serves_on(
    ending: Service, visitor: Visitor, signed_in: list[SignedIn]
) -> None:
    await until(lambda: len(workers(ending)) == 2)
    killed, other = workers(ending)
    async with ending.client(PROXY) as http:
        refreshers = [Refresher(visitor_of(http), each.refresh) for each in signed_in]
        async with under_load(*refreshers) as load:
            await load.each_gets(200)
            killed.kill()
            await load.each_gets(200)
            await until(lambda: len({*workers(ending)} - {killed, other}) == 1)
            await load.each_gets(200)

    assert {answer.status_code for answer in load.answers} == {200}
    assert other.is_running()
    for client in refreshers:
        assert len(client.received) == len(set(client.received))
        assert await visitor.successor(client.received[-1])
