"""A standby takes over from a primary that was killed or frozen; nobody is logged out."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from faults.conftest import CALM
from faults.load import Guest, Reader, Refresher, under_load
from faults.pair import HAS_STANDBY, Pair, until
from harness.nodes import Node, dsn_of
from harness.service import Installation
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import assert_ended, assert_retry_later
from latchkey.testing.flow.visitor import SignedIn, Visitor
from production.deployment import PROXY, visitor_of

pytestmark = pytest.mark.anyio

SESSIONS = 6
LOST = (2, 3, 5, 8, 13, 16)  # rotations, of a session each
LIMIT = 10.0  # s: 3 to wait for a connection, 2.5 for a statement, 1 for a host, the rest to spare


@pytest.fixture
def standby(node: Node) -> Iterator[Node]:
    standby = node.copy_to(node.data.with_name("standby"))
    standby.server.ensure_running()
    yield standby
    standby.server.stop()
    shutil.rmtree(standby.data)


@pytest.fixture
async def pair(node: Node, standby: Node) -> AsyncIterator[Pair]:
    """A pair whose primary runs again in the end, by itself."""
    pair = Pair(node, standby)
    await until(node, HAS_STANDBY, "async")
    yield pair
    node.server.ensure_running()
    await pair.make_asynchronous()


@pytest.fixture
async def at_both(production: Installation, pair: Pair) -> AsyncIterator[Visitor]:
    """Somebody who speaks to a service that knows both servers."""
    dsn = dsn_of(pair.primary, pair.standby)
    with production.serving(**CALM, DATABASE_URL=dsn) as service:
        async with service.client(PROXY) as http:
            yield visitor_of(http)


@pytest.fixture
async def signed_in(at_both: Visitor, account: Account) -> list[SignedIn]:
    return [await at_both.sign_in(account) for _ in range(SESSIONS)]


@pytest.mark.requirement("RS-15")
async def test_a_standby_that_missed_the_last_rotations_goes_on_with_each_clients_token(
    production: Installation, pair: Pair, at_both: Visitor, signed_in: list[SignedIn]
) -> None:
    await pair.separate()
    received = [await at_both.successor(each.refresh) for each in signed_in]

    await pair.fail_over()
    clients = [Refresher(at_both, token) for token in received]
    async with under_load(*clients) as load:
        await load.each_gets(200)

    assert {answer.status_code for answer in load.answers} <= {200, 503}
    for client in clients:
        assert await at_both.successor(client.received[-1])
    answered = {
        next(answer.headers["x-request-id"] for answer in client.answers if answer.is_success)
        for client in clients
    }
    events = production.audited("--action", "refresh_fast_forwarded", DATABASE_URL=pair.standby.dsn)
    assert {event["requestId"] for event in events} == answered


@pytest.mark.requirement("RS-15")
async def test_a_standby_that_missed_many_rotations_goes_on_with_each_clients_token(
    production: Installation, pair: Pair, at_both: Visitor, signed_in: list[SignedIn]
) -> None:
    await pair.note_the_timeline()
    await pair.separate()
    received = [
        await _rotated(at_both, each.refresh, times)
        for each, times in zip(signed_in, LOST, strict=True)
    ]

    await pair.fail_over()
    prompt, late = received[::2], received[1::2]
    clients = [Refresher(at_both, token) for token in prompt]
    async with under_load(*clients) as load:
        await load.each_gets(200)
    pair.standby.server.stop()
    pair.standby.server.ensure_running()
    latecomers = [Refresher(at_both, token) for token in late]
    async with under_load(*latecomers) as later:
        await later.each_gets(200)

    assert {answer.status_code for answer in [*load.answers, *later.answers]} <= {200, 503}
    for client in [*clients, *latecomers]:
        assert await at_both.successor(client.received[-1])
    actions = [event["action"] for event in production.audited(DATABASE_URL=pair.standby.dsn)]
    assert actions.count("refresh_fast_forwarded") == len(LOST)
    assert "refresh_never_issued" not in actions


@pytest.mark.requirement("RS-15", "ER-3")
async def test_a_primary_that_freezes_keeps_nobody_waiting_for_long(
    pair: Pair, at_both: Visitor, signed_in: list[SignedIn], account: Account
) -> None:
    await pair.make_synchronous()
    refreshers = [Refresher(at_both, each.refresh) for each in signed_in]
    reader, guest = Reader(at_both, signed_in[0]), Guest(at_both, account)

    async with under_load(*refreshers, reader, guest) as load:
        await load.each_gets(200)
        pair.primary.freeze()
        began = time.monotonic()
        await load.each_gets(503)
        refused_within = time.monotonic() - began
        await asyncio.to_thread(pair.standby.promote)
        promoted = time.monotonic()
        await load.each_gets(200)
        served_within = time.monotonic() - promoted
    pair.primary.kill()

    assert not load.failures
    assert {answer.status_code for answer in load.answers} == {200, 503}
    assert max(refused_within, served_within) < LIMIT
    assert max(answer.elapsed.total_seconds() for answer in load.answers) < LIMIT
    for client in refreshers:
        assert await at_both.successor(client.received[-1])


async def _rotated(visitor: Visitor, token: str, times: int) -> str:
    for _ in range(times):
        token = await visitor.successor(token)
    return token


async def test_refreshes_go_on_and_logouts_hold_when_a_synchronous_standby_takes_over(
    pair: Pair, at_both: Visitor, signed_in: list[SignedIn], account: Account
) -> None:
    await pair.make_synchronous()
    leavers = [await at_both.sign_in(account) for _ in range(SESSIONS)]
    clients = [Refresher(at_both, each.refresh) for each in signed_in]

    async with under_load(*clients) as load:
        await load.each_gets(200)
        goodbyes = [await at_both.logout(leaver.refresh) for leaver in leavers]
        await pair.fail_over()
        await load.each_gets(200)

    assert {answer.status_code for answer in goodbyes} == {200}
    assert {answer.status_code for answer in load.answers} <= {200, 503}
    for client in clients:
        assert await at_both.successor(client.received[-1])
    for leaver in leavers:
        assert_ended(await at_both.refresh(leaver.refresh), "logged_out")


async def test_a_logout_that_its_synchronous_standby_does_not_know_is_put_off(
    pair: Pair, at_both: Visitor, signed_in: list[SignedIn]
) -> None:
    token = signed_in[0].refresh
    await pair.make_synchronous()
    await pair.separate()

    put_off = await at_both.logout(token)
    await pair.make_asynchronous()
    again = await at_both.logout(token)

    assert_retry_later(put_off, 503, "storage_unavailable")
    assert "set-cookie" not in put_off.headers
    assert again.status_code == 200
    assert_ended(await at_both.refresh(token), "logged_out")
