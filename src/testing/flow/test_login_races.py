"""Logins that race a disable or a change of the password."""

import asyncio
from collections.abc import Awaitable
from itertools import islice

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Operator
from latchkey.testing.flow.expectations import assert_problem, assert_status
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("answered", range(5))]

LOGINS = 6


async def _storm(
    visitor: Visitor, account: Account, act: Awaitable[None], *, answered: int
) -> list[str]:
    """Send logins at once, act as soon as some are answered, and return the refresh tokens."""
    login = visitor.login
    logins = [asyncio.ensure_future(login(account.credentials)) for _ in range(LOGINS)]
    early = [await first for first in islice(asyncio.as_completed(logins), answered)]
    for answer in early:
        assert_status(answer, 200, 503)  # a busy service may refuse; nothing else may go wrong yet
    await act
    answers = await asyncio.gather(*logins)
    return [SetCookie.of(answer).value for answer in answers if answer.status_code == 200]


@pytest.mark.promise("L4", "S7")
@pytest.mark.requirement("LG-14")
async def test_a_login_that_races_a_disable_leaves_no_session(
    visitor: Visitor, operator: Operator, make_user: MakeUser, answered: int
) -> None:
    account = await make_user()

    tokens = await _storm(visitor, account, operator.disable(account.email), answered=answered)

    assert tokens or not answered
    for token in tokens:
        assert_problem(await visitor.refresh(token), 401, "session_ended")


@pytest.mark.promise("L4", "S7")
@pytest.mark.requirement("LG-14")
async def test_a_login_that_races_a_change_of_the_password_leaves_no_session(
    visitor: Visitor, operator: Operator, make_user: MakeUser, answered: int
) -> None:
    account = await make_user()
    change = operator.set_password(account.email, f"{GOOD_PASSWORD}-next")

    tokens = await _storm(visitor, account, change, answered=answered)

    assert tokens or not answered
    for token in tokens:
        assert_problem(await visitor.refresh(token), 401, "session_ended")
