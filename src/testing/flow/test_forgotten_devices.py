"""What ends remembered devices: their users, and every change of password and factors."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from latchkey.testing.flow.authenticator import (
    Enrolled,
    begun,
    enrolled,
    opened,
)
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Deployment, Operator
from latchkey.testing.flow.expectations import assert_invalid, assert_status
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.remembering import (
    Remembered,
    asked_to_remember,
    assert_forgotten,
    enrolled_user,
    login_on,
    remembered,
)
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

NEW = f"{GOOD_PASSWORD}-new"
LISTED = {"id", "device", "createdAt", "lastUsedAt", "expiresAt"}


@pytest.fixture
async def trusting(deploy: Deploy) -> Deployment:
    return await deploy(DEVICE_TRUST="30d")


@pytest.fixture
async def guest(trusting: Deployment) -> AsyncIterator[Visitor]:
    async with trusting.client() as http:
        yield Visitor(http=http, cookie_name=trusting.cookie_name)


@pytest.fixture
async def known(guest: Visitor, trusting: Deployment) -> Remembered:
    """Return a user with a remembered device, with whom a test may do anything."""
    return await remembered(guest, await enrolled_user(guest, trusting), trusting)


@pytest.fixture
def master(trusting: Deployment) -> Operator:
    if trusting.operator is None:
        pytest.skip("needs an operator's access besides the API")
    return trusting.operator


async def _listed(guest: Visitor, session: SignedIn) -> list[dict[str, Any]]:
    answer = await guest.factors(session.access)
    assert_status(answer, 200)
    devices: list[dict[str, Any]] = answer.json()["rememberedDevices"]
    return devices


async def _add_another_app(guest: Visitor, session: SignedIn, trusting: Deployment) -> None:
    factor_id, app = await begun(guest, session)
    code = await app.code(trusting)
    assert_status(await guest.confirm_totp(session.access, factor_id, code), 200)


async def _replace_codes(guest: Visitor, session: SignedIn, _trusting: Deployment) -> None:
    assert_status(await guest.replace_codes(session.access), 201)


async def _remove_and_add(guest: Visitor, session: SignedIn, trusting: Deployment) -> None:
    assert_status(await guest.remove_factors(session.access), 200)
    await enrolled(guest, session.account, trusting)


Change = Callable[[Visitor, SignedIn, Deployment], Awaitable[None]]


@pytest.mark.promise("Y18", "F27", "F28", "F29")
@pytest.mark.requirement("MF-11")
@pytest.mark.parametrize("change", [_add_another_app, _replace_codes, _remove_and_add])
async def test_a_change_of_factors_forgets_all_devices(
    guest: Visitor, known: Remembered, trusting: Deployment, change: Change
) -> None:
    await change(guest, known.session, trusting)

    await assert_forgotten(guest, known)


@pytest.mark.promise("Y18", "F58")
@pytest.mark.requirement("MF-11")
async def test_a_change_of_the_password_forgets_all_devices(
    guest: Visitor, known: Remembered
) -> None:
    answer = await guest.change_password(known.session.access, GOOD_PASSWORD, NEW)
    assert_status(answer, 200)

    await assert_forgotten(guest, known, NEW)
    assert await _listed(guest, opened(known.account, answer)) == []


@pytest.mark.promise("Y18")
@pytest.mark.requirement("MF-11")
async def test_an_operators_new_password_forgets_all_devices(
    guest: Visitor, known: Remembered, master: Operator
) -> None:
    await master.set_password(known.account.email, NEW)

    await assert_forgotten(guest, known, NEW)


@pytest.mark.promise("Y18", "Y17")
@pytest.mark.requirement("MF-7", "MF-11")
async def test_a_reset_of_factors_forgets_all_devices(
    guest: Visitor, known: Remembered, master: Operator, trusting: Deployment
) -> None:
    await master.reset_factors(known.account.email)
    assert await _listed(guest, await guest.sign_in(known.account)) == []
    await enrolled(guest, known.account, trusting)

    await assert_forgotten(guest, known)


@pytest.mark.promise("Y18")
@pytest.mark.requirement("MF-11")
async def test_a_user_who_is_disabled_has_no_devices_when_enabled_again(
    guest: Visitor, known: Remembered, master: Operator
) -> None:
    await master.disable(known.account.email)
    await master.enable(known.account.email)

    await assert_forgotten(guest, known)


@pytest.mark.promise("Y18", "F24")
async def test_devices_are_listed_newest_first(
    guest: Visitor, known: Remembered, trusting: Deployment
) -> None:
    await remembered(guest, known.user, trusting)

    await login_on(guest, known)
    newer, older = await _listed(guest, known.session)

    assert set(newer) == set(older) == LISTED
    assert newer["device"] == "Firefox on Linux"
    assert newer["createdAt"] >= older["createdAt"]
    assert newer["lastUsedAt"] is None
    assert older["lastUsedAt"] is not None


@pytest.mark.promise("Y18")
async def test_a_device_that_is_remembered_again_is_one_device(
    guest: Visitor, known: Remembered, trusting: Deployment
) -> None:
    again = await asked_to_remember(guest, known.user, trusting, **known.cookie.header)

    cookie = SetCookie.of_remembered(again)
    assert cookie is not None
    assert cookie.value != known.cookie.value
    assert len(await _listed(guest, known.session)) == 1
    await assert_forgotten(guest, known)


@pytest.mark.promise("Y18", "F32")
@pytest.mark.requirement("MF-11")
async def test_a_user_can_forget_one_device_and_all(
    guest: Visitor, known: Remembered, trusting: Deployment
) -> None:
    other = await remembered(guest, known.user, trusting)
    last = await remembered(guest, known.user, trusting)
    session = await login_on(guest, last)
    ids = [device["id"] for device in await _listed(guest, session)]

    one = await guest.forget_devices(session.access, [ids[0], str(uuid4())])
    await assert_forgotten(guest, last)
    await login_on(guest, other)
    rest = await guest.forget_devices(session.access, "all")

    assert (one.json(), rest.json()) == ({"forgotten": 1}, {"forgotten": 2})
    await assert_forgotten(guest, other)
    assert await _listed(guest, session) == []
    assert_status(await guest.me(session.access), 200)


@pytest.mark.promise("Y18", "F32")
@pytest.mark.requirement("MF-11")
async def test_nobody_forgets_the_devices_of_others(
    guest: Visitor, known: Remembered, trusting: Deployment
) -> None:
    stranger: Enrolled = await enrolled_user(guest, trusting)
    ids = [device["id"] for device in await _listed(guest, known.session)]

    named = await guest.forget_devices(stranger.session.access, ids)
    every = await guest.forget_devices(stranger.session.access, "all")

    assert (named.json(), every.json()) == ({"forgotten": 0}, {"forgotten": 0})
    await login_on(guest, known)


@pytest.mark.promise("F32")
@pytest.mark.parametrize("devices", [[], [str(uuid4())] * 101, "others", None])
async def test_what_names_no_devices_is_invalid(
    guest: Visitor, known: Remembered, devices: object
) -> None:
    assert_invalid(await guest.forget_devices(known.session.access, devices), "devices")
