"""A session can be refreshed often, but not without end."""

from datetime import timedelta

import httpx
import pytest

from contract.flow.deployments import Deployment
from contract.flow.expectations import assert_retry_later
from contract.flow.fixtures import Deploy
from contract.flow.set_cookie import SetCookie
from contract.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

MANY = 2_000  # what a dozen workers allow by default, and what comes back meanwhile


async def _refresh_until_told_to_wait(visitor: Visitor, token: str) -> tuple[str, httpx.Response]:
    """Give the newest token, and the answer that was none."""
    for _ in range(MANY):
        answer = await visitor.refresh(token)
        if answer.status_code != 200:
            return token, answer
        token = SetCookie.of(answer).value
    pytest.fail(f"{MANY} refreshes in a row all succeeded")


@pytest.mark.step("R14", "K11", "R11")
@pytest.mark.requirement("RS-16")
async def test_a_session_that_is_refreshed_too_often_has_to_wait_and_lives(
    deployment: Deployment, visitor: Visitor, somebody: SignedIn
) -> None:
    newest, refused = await _refresh_until_told_to_wait(visitor, somebody.refresh)
    wait = assert_retry_later(refused, 429, "too_many_attempts")
    await deployment.outlast(timedelta(seconds=wait))

    successor = await visitor.successor(newest)

    assert "set-cookie" not in refused.headers
    assert successor != newest


@pytest.mark.step("R14")
@pytest.mark.requirement("RS-16")
async def test_one_sessions_refreshes_are_not_anothers(
    visitor: Visitor, somebody: SignedIn
) -> None:
    other = await visitor.sign_in(somebody.account)

    await _refresh_until_told_to_wait(visitor, somebody.refresh)

    assert await visitor.successor(other.refresh)


@pytest.mark.step("R14")
@pytest.mark.requirement("RS-16")
async def test_a_token_means_after_the_wait_what_it_meant_before(deploy: Deploy) -> None:
    deployment = await deploy(REFRESH_LIMIT="3/1m")
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http)
        first = (await visitor.sign_in(deployment.admin)).refresh
        second = await visitor.successor(first)
        newest = await visitor.successor(await visitor.successor(second))

        refused = [await visitor.refresh(token) for token in (first, second, newest)]
        await deployment.outlast(timedelta(seconds=20))

        assert await visitor.successor(newest)
    for answer in refused:
        assert assert_retry_later(answer, 429, "too_many_attempts") == 20
