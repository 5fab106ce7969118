"""REFRESH_LIMIT: a session can be refreshed often, but not endlessly."""

from datetime import timedelta

import httpx
import pytest

from latchkey.testing.flow.deployments import Deployment
from latchkey.testing.flow.expectations import (
    BrokenPromiseError,
    assert_retry_later,
    check_no_cookie,
)
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

MANY = 2_000  # what a dozen workers allow by default, and what comes back meanwhile


async def _refresh_until_told_to_wait(visitor: Visitor, token: str) -> tuple[str, httpx.Response]:
    """Return the newest token, and the response that was not 200."""
    answer = await visitor.refresh(token)
    for _ in range(MANY):
        if answer.status_code != 200:
            return token, answer
        token = SetCookie.of(answer).value
        answer = await visitor.refresh(token)
    raise BrokenPromiseError(f"429 Too Many Requests, within {MANY} refreshes", answer)


@pytest.mark.promise("R14")
@pytest.mark.requirement("RS-16")
async def test_a_session_that_is_refreshed_too_often_has_to_wait_and_survives(
    deployment: Deployment, visitor: Visitor, somebody: SignedIn
) -> None:
    newest, refused = await _refresh_until_told_to_wait(visitor, somebody.refresh)
    wait = assert_retry_later(refused, 429, "too_many_attempts")
    await deployment.outlast(timedelta(seconds=wait))

    successor = await visitor.successor(newest)

    check_no_cookie(refused, "R11")
    assert successor != newest


@pytest.mark.promise("R14")
@pytest.mark.requirement("RS-16")
async def test_refreshes_of_one_session_do_not_count_for_another(
    visitor: Visitor, somebody: SignedIn
) -> None:
    other = await visitor.sign_in(somebody.account)

    await _refresh_until_told_to_wait(visitor, somebody.refresh)

    assert await visitor.successor(other.refresh)


@pytest.mark.promise("R14")
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
