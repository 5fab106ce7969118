"""Logins that race a disable or a change of the password."""

import asyncio

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Operator
from latchkey.testing.flow.expectations import assert_problem
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio

LOGINS = 6
ROUNDS = 5


async def _storm(visitor: Visitor, account: Account) -> list[str]:
    answers = await asyncio.gather(*(visitor.login(account.credentials) for _ in range(LOGINS)))
    return [SetCookie.of(answer).value for answer in answers if answer.status_code == 200]


@pytest.mark.promise("L4", "S7")
@pytest.mark.requirement("LG-14")
async def test_a_login_that_races_a_disable_leaves_no_session(
    visitor: Visitor, operator: Operator, make_user: MakeUser
) -> None:
    for _ in range(ROUNDS):
        account = await make_user()

        tokens, _ = await asyncio.gather(_storm(visitor, account), operator.disable(account.email))

        for token in tokens:
            assert_problem(await visitor.refresh(token), 401, "session_ended")


@pytest.mark.promise("L4", "S7")
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
