"""Refreshes that race: each other, a logout, a disable."""

import asyncio

import pytest

from contract.flow.deployments import Account, Deployment, Operator
from contract.flow.expectations import assert_problem
from contract.flow.fixtures import MakeUser
from contract.flow.set_cookie import SetCookie
from contract.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

AT_ONCE = 50
ROUNDS = 5


async def _sign_in(visitor: Visitor, make_user: MakeUser) -> tuple[Account, str]:
    account = await make_user()
    return account, (await visitor.sign_in(account)).refresh


@pytest.mark.step("R10", "R4")
@pytest.mark.requirement("RS-3")
async def test_fifty_refreshes_of_one_token_at_once_all_get_the_same_successor(
    visitor: Visitor, somebody: SignedIn
) -> None:
    answers = await asyncio.gather(*(visitor.refresh(somebody.refresh) for _ in range(AT_ONCE)))

    assert {answer.status_code for answer in answers} == {200}
    successors = {SetCookie.of(answer).value for answer in answers}
    assert len(successors) == 1
    assert await visitor.successor(*successors)


@pytest.mark.step("R10")
async def test_refreshes_over_connections_of_their_own_all_get_the_same_successor(
    somebody: SignedIn, deployment: Deployment
) -> None:
    async def refresh_alone() -> str:
        async with deployment.client() as http:
            return await Visitor(http=http).successor(somebody.refresh)

    successors = await asyncio.gather(*(refresh_alone() for _ in range(16)))

    assert len(set(successors)) == 1


@pytest.mark.step("R12", "O1")
@pytest.mark.requirement("RS-11")
async def test_nothing_is_left_of_a_session_whose_refreshes_race_its_logout(
    visitor: Visitor, make_user: MakeUser
) -> None:
    for _ in range(ROUNDS):
        _, token = await _sign_in(visitor, make_user)

        refreshed, logged_out, also = await asyncio.gather(
            visitor.refresh(token), visitor.logout(token), visitor.refresh(token)
        )

        assert logged_out.status_code == 200
        for answer in (refreshed, also):
            kept = SetCookie.of(answer).value if answer.status_code == 200 else token
            assert_problem(await visitor.refresh(kept), 401, "session_ended")


@pytest.mark.step("R12", "S7")
@pytest.mark.requirement("RS-11")
async def test_nothing_is_left_of_a_session_whose_refreshes_race_a_disable(
    visitor: Visitor, make_user: MakeUser, operator: Operator
) -> None:
    for _ in range(ROUNDS):
        account, token = await _sign_in(visitor, make_user)

        refreshed, _ = await asyncio.gather(visitor.refresh(token), operator.disable(account.email))

        kept = SetCookie.of(refreshed).value if refreshed.status_code == 200 else token
        assert_problem(await visitor.refresh(kept), 401, "session_ended")


@pytest.mark.step("R12")
async def test_a_late_refresh_does_not_revive_a_session_that_was_logged_out(
    visitor: Visitor, somebody: SignedIn
) -> None:
    successor = await visitor.successor(somebody.refresh)
    await visitor.logout(successor)

    answers = [await visitor.refresh(token) for token in (somebody.refresh, successor)]

    for answer in answers:
        assert_problem(answer, 401, "session_ended")
        assert "set-cookie" not in answer.headers
