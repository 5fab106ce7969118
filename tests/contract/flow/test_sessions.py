"""Sessions: why they end, and that they do."""

import pytest

from contract.flow.deployments import GOOD_PASSWORD, Operator
from contract.flow.expectations import assert_ended, assert_problem
from contract.flow.jwt_anatomy import Anatomy
from contract.flow.visitor import SignedIn, Visitor
from latchkey.domain.accounts.user import Role

pytestmark = pytest.mark.anyio


@pytest.mark.step("S2", "O1", "R2")
async def test_after_a_logout_the_reason_is_logged_out(
    visitor: Visitor, somebody: SignedIn
) -> None:
    await visitor.logout(somebody.refresh)

    assert_ended(await visitor.refresh(somebody.refresh), "logged_out")


@pytest.mark.step("S2", "S7", "R2")
@pytest.mark.requirement("RS-12")
async def test_after_a_disable_the_reason_is_user_disabled(
    visitor: Visitor, somebody: SignedIn, operator: Operator
) -> None:
    other = await visitor.sign_in(somebody.account)

    await operator.disable(somebody.account.email)

    assert_ended(await visitor.refresh(somebody.refresh), "user_disabled")
    assert_ended(await visitor.refresh(other.refresh), "user_disabled")


@pytest.mark.step("S7")
async def test_an_enabled_user_can_log_in_and_the_ended_session_stays_ended(
    visitor: Visitor, somebody: SignedIn, operator: Operator
) -> None:
    await operator.disable(somebody.account.email)
    refused = await visitor.login(somebody.account.credentials)

    await operator.enable(somebody.account.email)

    assert_problem(refused, 401, "invalid_credentials")
    assert (await visitor.login(somebody.account.credentials)).status_code == 200
    assert_ended(await visitor.refresh(somebody.refresh), "user_disabled")


@pytest.mark.step("S2", "S7")
@pytest.mark.requirement("PW-12", "RS-12")
async def test_after_a_change_of_the_password_the_reason_is_revoked_and_the_old_one_is_wrong(
    visitor: Visitor, somebody: SignedIn, operator: Operator
) -> None:
    account = somebody.account
    new = f"{GOOD_PASSWORD}-next"

    await operator.set_password(account.email, new)

    assert_ended(await visitor.refresh(somebody.refresh), "revoked")
    assert_problem(await visitor.login(account.credentials), 401, "invalid_credentials")
    assert (await visitor.login(account.credentials | {"password": new})).status_code == 200


@pytest.mark.step("S7", "R3")
async def test_a_change_of_the_role_ends_no_session(
    visitor: Visitor, somebody: SignedIn, operator: Operator
) -> None:
    await operator.set_role(somebody.account.email, Role.ADMIN)

    answer = await visitor.refresh(somebody.refresh)

    assert Anatomy.of(answer.json()["accessToken"]).claims["role"] == "ADMIN"


@pytest.mark.step("S2")
async def test_the_first_reason_stays(
    visitor: Visitor, somebody: SignedIn, operator: Operator
) -> None:
    await visitor.logout(somebody.refresh)

    await operator.disable(somebody.account.email)

    assert_ended(await visitor.refresh(somebody.refresh), "logged_out")
