"""How sessions end, and the reason that is given."""

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Operator
from latchkey.testing.flow.expectations import assert_ended, assert_problem, assert_status
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.promise("S2", "O1", "R2")
async def test_after_a_logout_the_reason_is_logged_out(
    visitor: Visitor, somebody: SignedIn
) -> None:
    await visitor.logout(somebody.refresh)

    assert_ended(await visitor.refresh(somebody.refresh), "logged_out")


@pytest.mark.promise("S2", "S7", "R2")
@pytest.mark.requirement("RS-12")
async def test_after_a_disable_the_reason_is_user_disabled(
    visitor: Visitor, newcomer: SignedIn, operator: Operator
) -> None:
    other = await visitor.sign_in(newcomer.account)

    await operator.disable(newcomer.account.email)

    assert_ended(await visitor.refresh(newcomer.refresh), "user_disabled")
    assert_ended(await visitor.refresh(other.refresh), "user_disabled")


@pytest.mark.promise("S7")
async def test_an_enabled_user_can_log_in_and_the_ended_session_stays_ended(
    visitor: Visitor, newcomer: SignedIn, operator: Operator
) -> None:
    await operator.disable(newcomer.account.email)
    refused = await visitor.login(newcomer.account.credentials)

    await operator.enable(newcomer.account.email)

    assert_problem(refused, 401, "invalid_credentials")
    assert_status(await visitor.login(newcomer.account.credentials), 200)
    assert_ended(await visitor.refresh(newcomer.refresh), "user_disabled")


@pytest.mark.promise("S2", "S7")
@pytest.mark.requirement("PW-12", "RS-12")
async def test_after_a_password_change_the_reason_is_revoked_and_the_old_password_is_wrong(
    visitor: Visitor, newcomer: SignedIn, operator: Operator
) -> None:
    account = newcomer.account
    new = f"{GOOD_PASSWORD}-next"

    await operator.set_password(account.email, new)

    assert_ended(await visitor.refresh(newcomer.refresh), "revoked")
    assert_problem(await visitor.login(account.credentials), 401, "invalid_credentials")
    assert_status(await visitor.login(account.credentials | {"password": new}), 200)


@pytest.mark.promise("S7", "R3")
async def test_a_change_of_the_role_ends_no_session(
    visitor: Visitor, newcomer: SignedIn, operator: Operator
) -> None:
    await operator.set_role(newcomer.account.email, Role.ADMIN)

    answer = await visitor.refresh(newcomer.refresh)

    assert Anatomy.of(answer.json()["accessToken"]).claims["role"] == "ADMIN"


@pytest.mark.promise("S2")
async def test_a_session_keeps_its_first_reason(
    visitor: Visitor, newcomer: SignedIn, operator: Operator
) -> None:
    await visitor.logout(newcomer.refresh)

    await operator.disable(newcomer.account.email)

    assert_ended(await visitor.refresh(newcomer.refresh), "logged_out")
