"""A new account knows the device that it was created on."""

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD
from latchkey.testing.flow.expectations import assert_problem, assert_status
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.mailbox import (
    REGISTER,
    REGISTERED,
    mails,
    registered,
    registration_tokens,
)
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio

MANY = 60  # more than any sensible limit


@pytest.mark.promise("RG4", "C7", "L8")
async def test_strangers_who_guess_do_not_slow_the_first_login_down(visitor: Visitor) -> None:
    email = new_email()
    [token] = await registration_tokens(visitor, email)
    created = await visitor.complete(token, "Grace Hopper", GOOD_PASSWORD)
    for _ in range(MANY):
        guess = await visitor.login({"email": email, "password": f"{GOOD_PASSWORD}-guess"})
        if guess.status_code == 429:
            break

    device = SetCookie.of_device(created)
    right = {"email": email, "password": GOOD_PASSWORD}

    assert device.attributes["path"] == "/api/auth/login"
    assert_problem(await visitor.login(right), 429, "too_many_attempts")
    assert_status(await visitor.login(right, headers=device.header), 200)


@pytest.mark.promise("RG4", "ML13")
async def test_the_first_login_on_that_device_is_not_told(visitor: Visitor) -> None:
    email = new_email()
    [token] = await registration_tokens(visitor, email)
    created = await visitor.complete(token, "Grace Hopper", GOOD_PASSWORD)
    device = SetCookie.of_device(created)
    right = {"email": email, "password": GOOD_PASSWORD}

    assert_status(await visitor.login(right, headers=device.header), 200)

    await registered(visitor, email)
    told = await mails(visitor, email, 1, REGISTERED)  # whatever was written before it is sent
    subjects = [mail["subject"] for mail in await mails(visitor, email, 2)]
    assert told
    assert sorted(subjects) == sorted([REGISTER, REGISTERED])
