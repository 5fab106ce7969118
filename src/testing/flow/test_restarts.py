"""Sessions after the processes of the service were killed."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from latchkey.testing.flow.deployments import Deployment, Process
from latchkey.testing.flow.expectations import assert_ended
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio

CLIENTS = 12
STORM = 0.4  # s before the blow
ENOUGH = 100  # fewer than REFRESH_LIMIT allows at once


class Client:
    """Refreshes again and again, and keeps the newest token, as a browser does."""

    def __init__(self, deployment: Deployment, token: str) -> None:
        self._deployment = deployment
        self.received = [token]

    async def refresh_until_it_fails(self) -> None:
        async with self._deployment.client() as http:
            visitor = Visitor(http=http)
            for _ in range(ENOUGH):
                try:
                    self.received.append(await visitor.successor(self.received[-1]))
                except httpx.TransportError:
                    return


@pytest.mark.promise("R13", "R10", "S6")
async def test_a_kill_during_many_refreshes_loses_and_forks_no_session(
    deployment: Deployment, make_user: MakeUser, visitor: Visitor, process: Process
) -> None:
    account = await make_user()
    signed_in = [await visitor.sign_in(account) for _ in range(CLIENTS)]
    clients = [Client(deployment, each.refresh) for each in signed_in]
    storm = asyncio.gather(*(client.refresh_until_it_fails() for client in clients))

    await asyncio.sleep(STORM)
    await process.kill()
    await storm
    await process.start()

    async with deployment.client() as http:
        again = Visitor(http=http)
        for client in clients:
            assert len(client.received) > 1
            newest = client.received[-1]
            first, retried = await again.successor(newest), await again.successor(newest)
            assert first == retried
            assert first not in client.received
            assert await again.successor(first)


@pytest.mark.promise("R8", "S6", "S2")
@pytest.mark.requirement("RS-2")
async def test_a_session_that_ended_by_theft_stays_ended_after_a_kill(
    deployment: Deployment, make_user: MakeUser, visitor: Visitor, process: Process
) -> None:
    stolen = (await visitor.sign_in(await make_user())).refresh
    newest = await visitor.successor(await visitor.successor(stolen))
    await deployment.outlast(deployment.grace + timedelta(seconds=0.5))
    assert_ended(await visitor.refresh(stolen), "reuse_detected")

    await process.kill()
    await process.start()

    async with deployment.client() as http:
        for token in (newest, stolen):
            assert_ended(await Visitor(http=http).refresh(token), "reuse_detected")


@pytest.mark.promise("O1", "S6")
async def test_a_session_that_was_logged_out_stays_ended_after_a_kill(
    deployment: Deployment, make_user: MakeUser, visitor: Visitor, process: Process
) -> None:
    token = (await visitor.sign_in(await make_user())).refresh
    await visitor.logout(token)

    await process.kill()
    await process.start()

    async with deployment.client() as http:
        assert_ended(await Visitor(http=http).refresh(token), "logged_out")


@pytest.mark.promise("P4")
@pytest.mark.requirement("PW-11", "CK-11", "ER-2")
async def test_the_service_logs_no_secret(
    make_user: MakeUser, visitor: Visitor, process: Process
) -> None:
    account = await make_user(password="a-Secret-0f-this-test-alone")
    somebody = await visitor.sign_in(account)
    newest = await visitor.successor(somebody.refresh)
    await visitor.login(account.credentials | {"password": "a-wrong-guess-0f-this-test"})
    await visitor.login({"password": account.password, "surplus": newest})

    written = process.output()

    assert "/api/auth/login" in written
    for secret in (account.password, "a-wrong-guess", newest, somebody.refresh, somebody.access):
        assert secret not in written
