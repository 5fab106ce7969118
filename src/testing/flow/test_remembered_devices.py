"""Remembered devices: where the password is enough for some days, and for whom."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.testing.flow.authenticator import opened
from latchkey.testing.flow.deployments import Deployment
from latchkey.testing.flow.expectations import assert_ended, assert_problem, assert_status, member
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.remembering import (
    Remembered,
    asked_to_remember,
    assert_challenged,
    assert_forgotten,
    enrolled_user,
    login_on,
    remembered,
    sent_from,
)
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio

DAYS = timedelta(days=20)


@pytest.fixture
async def trusting(deploy: Deploy) -> Deployment:
    return await deploy(DEVICE_TRUST="20d", MFA_REQUIRED_ROLES="ADMIN")


@pytest.fixture
async def guest(trusting: Deployment) -> AsyncIterator[Visitor]:
    async with trusting.client() as http:
        yield Visitor(http=http, cookie_name=trusting.cookie_name)


@pytest.fixture
async def known(guest: Visitor, trusting: Deployment) -> Remembered:
    """Return a user with a remembered device, with whom a test may do anything."""
    return await remembered(guest, await enrolled_user(guest, trusting), trusting)


@pytest.mark.promise("Y18", "F20")
@pytest.mark.requirement("MF-11")
async def test_on_a_remembered_device_the_password_is_enough_each_time(
    guest: Visitor, known: Remembered
) -> None:
    sessions = [await login_on(guest, known) for _ in range(3)]

    claims = [Anatomy.of(session.access).claims for session in sessions]
    assert {tuple(each.get("amr", ("pwd",))) for each in claims} == {("pwd",)}
    assert {each.get("acr") for each in claims} <= {None, "aal1"}


@pytest.mark.promise("Y18", "C7")
@pytest.mark.requirement("MF-11")
async def test_the_cookie_of_a_device_is_sent_to_a_login_alone(
    guest: Visitor, known: Remembered, trusting: Deployment
) -> None:
    cookie = known.cookie

    assert cookie.name == f"{trusting.cookie_name}_remembered_device"
    assert len(cookie.value) == 76
    assert cookie.attributes["path"] == "/api/auth/login"
    assert cookie.attributes["samesite"] == "Strict"
    assert "httponly" in cookie.attributes
    assert DAYS.total_seconds() - 60 <= cookie.max_age <= DAYS.total_seconds()
    again = await sent_from(guest, known.account, cookie)
    assert SetCookie.of_remembered(again) is None  # a use does not prolong it


@pytest.mark.promise("Y18")
async def test_a_device_is_remembered_only_if_the_client_asks_for_it(
    guest: Visitor, trusting: Deployment
) -> None:
    user = await enrolled_user(guest, trusting)

    offer = await guest.login(user.account.credentials)
    code = await user.app.code(trusting)
    answer = await guest.second_factor(offer.json()["challenge"], code)

    assert offer.json()["rememberDeviceFor"] == DAYS.total_seconds()
    assert SetCookie.of_remembered(answer) is None


@pytest.mark.promise("Y18")
@pytest.mark.requirement("MF-11")
async def test_by_default_no_device_is_remembered(deploy: Deploy) -> None:
    usual = await deploy()
    async with usual.client() as http:
        guest = Visitor(http=http, cookie_name=usual.cookie_name)
        user = await enrolled_user(guest, usual)

        offer = await guest.login(user.account.credentials)
        answer = await asked_to_remember(guest, user, usual)

    assert offer.json()["rememberDeviceFor"] is None
    assert SetCookie.of_remembered(answer) is None


@pytest.mark.promise("Y18")
@pytest.mark.requirement("MF-11")
async def test_a_device_is_forgotten_in_time_however_often_it_was_used(
    guest: Visitor, known: Remembered, trusting: Deployment
) -> None:
    if trusting.clock is None:
        pytest.skip("needs a clock that can be moved")

    trusting.clock.move(DAYS / 2)
    await login_on(guest, known)
    trusting.clock.move(DAYS / 2)

    await assert_forgotten(guest, known)


@pytest.mark.promise("Y18")
@pytest.mark.requirement("MF-11")
async def test_a_device_stands_in_for_no_password_and_for_no_other_user(
    guest: Visitor, known: Remembered, trusting: Deployment
) -> None:
    other = await remembered(guest, await enrolled_user(guest, trusting), trusting)

    wrong = await sent_from(guest, known.account, known.cookie, "not the password 7")
    theirs = await sent_from(guest, other.account, known.cookie)

    assert_problem(wrong, 401, "invalid_credentials")
    assert_challenged(theirs)


@pytest.mark.promise("Y18")
@pytest.mark.requirement("MF-11")
async def test_a_token_with_any_character_changed_is_none(
    guest: Visitor, known: Remembered
) -> None:
    value, name = known.cookie.value, known.cookie.name

    for index in (0, 1, 5, 22, 23, 30, 33, 40, 60, 75):
        letter = "B" if value[index] == "A" else "A"
        forged = f"{value[:index]}{letter}{value[index + 1 :]}"
        answer = await guest.login(
            known.account.credentials, headers={"Cookie": f"{name}={forged}"}
        )
        assert_challenged(answer)


@pytest.mark.promise("Y18", "Y12")
@pytest.mark.requirement("MF-4", "MF-11")
async def test_a_change_of_factors_needs_a_code_on_a_remembered_device_too(
    guest: Visitor, known: Remembered, trusting: Deployment
) -> None:
    session = await login_on(guest, known)

    early = await guest.replace_codes(session.access)
    body = known.account.credentials | {"askSecondFactor": True}
    asked = await guest.login(body, headers=known.cookie.header)
    code = await known.user.app.code(trusting)
    proven = await guest.second_factor(member(asked, "challenge"), code)

    assert_problem(early, 401, "reauthentication_required")
    assert_challenged(asked)
    assert_status(await guest.replace_codes(opened(known.account, proven).access), 201)


@pytest.mark.promise("Y18", "Y15")
@pytest.mark.requirement("MF-8", "MF-11")
async def test_a_device_stands_in_for_nothing_where_a_role_requires_a_second_factor(
    guest: Visitor, known: Remembered, trusting: Deployment
) -> None:
    session = await login_on(guest, known)
    assert trusting.operator is not None
    await trusting.operator.set_role(known.account.email, Role.ADMIN)

    offer = await sent_from(guest, known.account, known.cookie)
    asked = await asked_to_remember(guest, known.user, trusting)

    assert_challenged(offer)
    assert offer.json()["rememberDeviceFor"] is None
    assert SetCookie.of_remembered(asked) is None
    assert_ended(await guest.refresh(session.refresh), "revoked")
