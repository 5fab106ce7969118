"""Refreshes that race each other, a logout or a disable."""

import asyncio

import pytest

from latchkey.testing.flow.authenticator import challenged, enrolled
from latchkey.testing.flow.deployments import Account, Deployment, Operator
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_problem,
    assert_status,
    check_no_cookie,
)
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

AT_ONCE = 50
ROUNDS = 5


@pytest.mark.promise("R10", "R4")
@pytest.mark.requirement("RS-3")
async def test_fifty_concurrent_refreshes_of_one_token_get_the_same_new_token(
    visitor: Visitor, somebody: SignedIn
) -> None:
    answers = await asyncio.gather(*(visitor.refresh(somebody.refresh) for _ in range(AT_ONCE)))

    for answer in answers:
        assert_status(answer, 200)
    successors = {SetCookie.of(answer).value for answer in answers}
    assert len(successors) == 1
    assert await visitor.successor(*successors)


@pytest.mark.promise("R10")
async def test_concurrent_refreshes_over_many_connections_get_the_same_new_token(
    somebody: SignedIn, deployment: Deployment
) -> None:
    async def refresh_alone() -> str:
        async with deployment.client() as http:
            return await Visitor(http=http).successor(somebody.refresh)

    successors = await asyncio.gather(*(refresh_alone() for _ in range(16)))

    assert len(set(successors)) == 1


@pytest.mark.promise("R12", "O1")
@pytest.mark.requirement("RS-11")
async def test_a_session_whose_refreshes_race_its_logout_has_ended(
    visitor: Visitor, resident: Account
) -> None:
    for _ in range(ROUNDS):
        token = (await visitor.sign_in(resident)).refresh

        refreshed, logged_out, also = await asyncio.gather(
            visitor.refresh(token), visitor.logout(token), visitor.refresh(token)
        )

        assert_status(logged_out, 200)
        for answer in (refreshed, also):
            kept = SetCookie.of(answer).value if answer.status_code == 200 else token
            assert_problem(await visitor.refresh(kept), 401, "session_ended")


@pytest.mark.promise("R12", "S7")
@pytest.mark.requirement("RS-11")
async def test_a_session_whose_refreshes_race_a_disable_has_ended(
    visitor: Visitor, make_user: MakeUser, operator: Operator
) -> None:
    for _ in range(ROUNDS):
        account = await make_user()
        token = (await visitor.sign_in(account)).refresh

        refreshed, _ = await asyncio.gather(visitor.refresh(token), operator.disable(account.email))

        kept = SetCookie.of(refreshed).value if refreshed.status_code == 200 else token
        assert_problem(await visitor.refresh(kept), 401, "session_ended")


@pytest.mark.promise("R12")
async def test_a_late_refresh_does_not_revive_a_session_that_has_ended(
    visitor: Visitor, somebody: SignedIn
) -> None:
    successor = await visitor.successor(somebody.refresh)
    await visitor.logout(successor)

    answers = [await visitor.refresh(token) for token in (somebody.refresh, successor)]

    for answer in answers:
        assert_problem(answer, 401, "session_ended")
        check_no_cookie(answer, "R11")


@pytest.mark.promise("R12", "L4")
@pytest.mark.requirement("RS-11")
async def test_a_login_that_races_refreshes_of_the_session_it_replaces_is_the_one_that_is_left(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)
    old, challenge = known.session.refresh, await challenged(visitor, user)
    code = await known.app.code(deployment)

    login, *refreshed = await asyncio.gather(
        visitor.second_factor(challenge, code, headers=visitor.cookie(old)),
        visitor.refresh(old),
        visitor.refresh(old),
    )

    assert_status(login, 200)
    for answer in refreshed:
        kept = SetCookie.of(answer).value if answer.status_code == 200 else old
        assert_ended(await visitor.refresh(kept), "replaced")
    assert_status(await visitor.refresh(SetCookie.of(login).value), 200)
