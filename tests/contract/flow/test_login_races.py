"""Logins that race each other, or what makes them impossible."""

import asyncio

import pytest

from contract.flow.deployments import GOOD_PASSWORD, Account, Operator
from contract.flow.expectations import assert_problem, assert_retry_later
from contract.flow.fixtures import Deploy, MakeUser
from contract.flow.set_cookie import SetCookie
from contract.flow.visitor import Visitor

pytestmark = pytest.mark.anyio

LOGINS = 6
ROUNDS = 5
STORM = 120  # logins at once, where one thread hashes and 32 may wait


async def _storm(visitor: Visitor, account: Account) -> list[str]:
    answers = await asyncio.gather(*(visitor.login(account.credentials) for _ in range(LOGINS)))
    return [SetCookie.of(answer).value for answer in answers if answer.status_code == 200]


@pytest.mark.step("L4", "S7")
@pytest.mark.requirement("LG-14")
async def test_a_login_that_races_a_disable_leaves_no_session(
    visitor: Visitor, operator: Operator, make_user: MakeUser
) -> None:
    for _ in range(ROUNDS):
        account = await make_user()

        tokens, _ = await asyncio.gather(_storm(visitor, account), operator.disable(account.email))

        for token in tokens:
            assert_problem(await visitor.refresh(token), 401, "session_ended")


@pytest.mark.step("L4", "S7")
@pytest.mark.requirement("LG-14")
async def test_a_login_that_races_a_change_of_the_password_leaves_no_session(
    visitor: Visitor, operator: Operator, make_user: MakeUser
) -> None:
    for _ in range(ROUNDS):
        account = await make_user()

        tokens, _ = await asyncio.gather(
            _storm(visitor, account),
            operator.set_password(account.email, f"{GOOD_PASSWORD}-next"),
        )

        for token in tokens:
            assert_problem(await visitor.refresh(token), 401, "session_ended")


@pytest.mark.step("L6", "K11")
@pytest.mark.requirement("LG-4")
async def test_a_storm_of_logins_is_turned_away_at_once_and_holds_up_nobody(
    deploy: Deploy,
) -> None:
    deployment = await deploy(WORKERS="256", BCRYPT_ROUNDS="9")
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http)
        access = (await visitor.sign_in(deployment.admin)).access
        storm = [
            asyncio.create_task(
                visitor.login({"email": f"{each}@example.com", "password": "a-guess-7"})
            )
            for each in range(STORM)
        ]
        await asyncio.wait(storm, return_when=asyncio.FIRST_COMPLETED)

        meanwhile = await visitor.me(access)
        waiting = sum(not login.done() for login in storm)
        answers = await asyncio.gather(*storm)

    assert meanwhile.status_code == 200
    assert waiting > 0
    assert {answer.status_code for answer in answers} == {401, 503}
    for answer in answers:
        if answer.status_code == 503:
            assert_retry_later(answer, 503, "password_hasher_busy")
