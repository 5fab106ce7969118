"""Who is signed in: held against the database where it is asked anyway."""

import pytest

from contract.flow.deployments import Forger, Operator
from contract.flow.expectations import USER_MEMBERS, assert_problem
from contract.flow.jwt_anatomy import Anatomy
from contract.flow.visitor import SignedIn, Visitor
from latchkey.domain.accounts.user import Role

pytestmark = pytest.mark.anyio


@pytest.mark.step("F4")
async def test_one_learns_who_one_is(visitor: Visitor, somebody: SignedIn) -> None:
    answer = await visitor.me(somebody.access)

    assert answer.status_code == 200
    assert set(answer.json()) == USER_MEMBERS
    assert answer.json()["email"] == somebody.account.email


@pytest.mark.step("A5", "A6")
@pytest.mark.requirement("AT-20")
async def test_after_a_logout_the_session_is_over_where_the_database_is_asked(
    visitor: Visitor, somebody: SignedIn
) -> None:
    await visitor.logout(somebody.refresh)

    me, orders = await visitor.me(somebody.access), await visitor.orders(somebody.access)

    assert_problem(me, 401, "access_token_invalid")
    assert orders.status_code == 200


@pytest.mark.step("A5")
@pytest.mark.requirement("AT-13")
async def test_after_a_disable_the_user_is_refused_at_once(
    visitor: Visitor, somebody: SignedIn, operator: Operator
) -> None:
    await operator.disable(somebody.account.email)

    answer = await visitor.me(somebody.access)

    assert_problem(answer, 401, "access_token_invalid")


@pytest.mark.step("A5", "R3")
@pytest.mark.requirement("AZ-4", "RS-12")
async def test_after_a_promotion_a_refresh_brings_the_new_role(
    visitor: Visitor, somebody: SignedIn, operator: Operator
) -> None:
    await operator.set_role(somebody.account.email, Role.ADMIN)

    stale = await visitor.me(somebody.access)
    fresh = (await visitor.refresh(somebody.refresh)).json()["accessToken"]

    assert_problem(stale, 401, "access_token_invalid")
    assert (await visitor.users(fresh)).status_code == 200


@pytest.mark.step("A5", "S7")
@pytest.mark.requirement("AZ-4")
async def test_after_a_demotion_administration_is_refused_at_once(
    visitor: Visitor, somebody: SignedIn, operator: Operator
) -> None:
    await operator.set_role(somebody.account.email, Role.ADMIN)
    promoted = await visitor.sign_in(somebody.account)
    await operator.set_role(somebody.account.email, Role.USER)

    answers = [
        await visitor.users(promoted.access),
        await visitor.create_user(promoted.access, {"email": "x"}),
        await visitor.me(promoted.access),
    ]
    fresh = (await visitor.refresh(promoted.refresh)).json()["accessToken"]

    assert_problem(answers[0], 401, "access_token_invalid")
    assert answers[1].status_code in {400, 401}
    assert_problem(answers[2], 401, "access_token_invalid")
    assert_problem(await visitor.users(fresh), 403, "insufficient_role")


@pytest.mark.step("A5")
@pytest.mark.requirement("AT-13", "AT-21")
@pytest.mark.parametrize("claim", ["sub", "sid"])
async def test_a_signed_token_about_nobody_is_refused(
    visitor: Visitor, somebody: SignedIn, forger: Forger, claim: str
) -> None:
    nobody = "01890a5d-ac96-774b-bcce-b302099a8057"
    token = Anatomy.of(somebody.access).with_claims(**{claim: nobody}).signed(forger)

    answer = await visitor.me(token)

    assert_problem(answer, 401, "access_token_invalid")
