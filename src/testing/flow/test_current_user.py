"""The current user, checked against the database."""

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.testing.flow.deployments import Forger, Operator
from latchkey.testing.flow.expectations import USER_MEMBERS, assert_problem, assert_status
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.promise("F4")
async def test_the_current_user_is_returned(visitor: Visitor, reader: SignedIn) -> None:
    answer = await visitor.me(reader.access)

    assert_status(answer, 200)
    assert set(answer.json()) == USER_MEMBERS
    assert answer.json()["email"] == reader.account.email


@pytest.mark.promise("A5", "A6")
@pytest.mark.requirement("AT-20")
async def test_after_a_logout_only_operations_that_query_the_database_reject_the_token(
    visitor: Visitor, somebody: SignedIn
) -> None:
    await visitor.logout(somebody.refresh)

    me, orders = await visitor.me(somebody.access), await visitor.orders(somebody.access)

    assert_problem(me, 401, "access_token_invalid")
    assert_status(orders, 200)


@pytest.mark.promise("A5")
@pytest.mark.requirement("AT-13")
async def test_a_disabled_user_is_rejected_at_once(
    visitor: Visitor, newcomer: SignedIn, operator: Operator
) -> None:
    await operator.disable(newcomer.account.email)

    answer = await visitor.me(newcomer.access)

    assert_problem(answer, 401, "access_token_invalid")


@pytest.mark.promise("A5", "R3")
@pytest.mark.requirement("AZ-4", "RS-12")
async def test_after_a_promotion_a_refresh_brings_the_new_role(
    visitor: Visitor, newcomer: SignedIn, operator: Operator
) -> None:
    await operator.set_role(newcomer.account.email, Role.ADMIN)

    stale = await visitor.me(newcomer.access)
    fresh = (await visitor.refresh(newcomer.refresh)).json()["accessToken"]

    assert_problem(stale, 401, "access_token_invalid")
    assert_status(await visitor.users(fresh), 200)


@pytest.mark.promise("A5", "S7")
@pytest.mark.requirement("AZ-4")
async def test_a_demoted_administrator_is_rejected_at_once(
    visitor: Visitor, newcomer: SignedIn, operator: Operator
) -> None:
    await operator.set_role(newcomer.account.email, Role.ADMIN)
    promoted = await visitor.sign_in(newcomer.account)
    await operator.set_role(newcomer.account.email, Role.USER)

    answers = [
        await visitor.users(promoted.access),
        await visitor.create_user(promoted.access, {"email": "x"}),
        await visitor.me(promoted.access),
    ]
    fresh = (await visitor.refresh(promoted.refresh)).json()["accessToken"]

    assert_problem(answers[0], 401, "access_token_invalid")
    assert_status(answers[1], 400, 401)
    assert_problem(answers[2], 401, "access_token_invalid")
    assert_problem(await visitor.users(fresh), 403, "insufficient_role")


@pytest.mark.promise("A5")
@pytest.mark.requirement("AT-13", "AT-21")
@pytest.mark.parametrize("claim", ["sub", "sid"])
async def test_a_signed_token_of_an_unknown_user_or_session_is_rejected(
    visitor: Visitor, reader: SignedIn, forger: Forger, claim: str
) -> None:
    nobody = "01890a5d-ac96-774b-bcce-b302099a8057"
    token = Anatomy.of(reader.access).with_claims(**{claim: nobody}).signed(forger)

    answer = await visitor.me(token)

    assert_problem(answer, 401, "access_token_invalid")
