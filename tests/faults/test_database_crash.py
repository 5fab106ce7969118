"""PostgreSQL is killed and comes back while clients work; nobody restarts the service."""

from collections.abc import AsyncIterator

import pytest

from contract.adapters.postgres_nodes import Node
from faults.load import Guest, Reader, Refresher, under_load
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import assert_retry_later
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio

SESSIONS = 8
ROTATIONS = 5  # of each session, faster than PostgreSQL writes to disk by itself


@pytest.fixture
async def killed(node: Node) -> AsyncIterator[Node]:
    """A server that runs again in the end."""
    yield node
    node.server.ensure_running()


@pytest.fixture
async def refreshers(visitor: Visitor, account: Account) -> list[Refresher]:
    signed_in = [await visitor.sign_in(account) for _ in range(SESSIONS)]
    return [Refresher(visitor, each.refresh) for each in signed_in]


@pytest.mark.requirement("RS-15", "ER-3")
async def test_whatever_clients_do_a_killed_postgresql_costs_them_a_wait(
    visitor: Visitor, account: Account, refreshers: list[Refresher], killed: Node
) -> None:
    reader = Reader(visitor, await visitor.sign_in(account))
    guests = [Guest(visitor, account) for _ in range(2)]

    async with under_load(*refreshers, reader, *guests) as load:
        await load.each_gets(200)
        killed.kill()
        await load.each_gets(503)
        killed.server.ensure_running()
        await load.each_gets(200)

    assert not load.failures
    assert {answer.status_code for answer in load.answers} == {200, 503}
    for answer in load.answers:
        if answer.status_code == 503:
            assert_retry_later(answer, 503, "storage_unavailable")
            assert "set-cookie" not in answer.headers


@pytest.mark.requirement("RS-15")
async def test_sessions_that_rotated_just_before_the_kill_are_neither_lost_nor_forked(
    visitor: Visitor, refreshers: list[Refresher], killed: Node
) -> None:
    async with under_load(*refreshers) as load:
        for _ in range(ROTATIONS):
            await load.each_gets(200)
        killed.kill()
        await load.each_gets(503)
        killed.server.ensure_running()

    for client in refreshers:
        newest = client.received[-1]
        first, retried = await visitor.successor(newest), await visitor.successor(newest)
        assert first == retried
        assert first not in client.received
        assert await visitor.successor(first)
