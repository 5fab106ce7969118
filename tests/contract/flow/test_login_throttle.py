"""Guessing passwords is slow, whoever's they are, and the owner is not the one who suffers."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from contract.flow.deployments import Account
from contract.flow.expectations import assert_problem, assert_retry_later
from contract.flow.fixtures import Deploy, MakeUser
from contract.flow.visitor import Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

LIMIT = 10  # the documented default, in a quarter of an hour
MANY = 40


async def _fail_until_told_to_wait(visitor: Visitor, email: str) -> httpx.Response:
    for _ in range(MANY):
        answer = await visitor.login({"email": email, "password": "a-wrong-guess"})
        if answer.status_code != 401:
            return answer
    pytest.fail(f"{MANY} wrong passwords in a row were all tried")


async def _failures(visitor: Visitor, account: Account, count: int) -> AsyncIterator[int]:
    for _ in range(count):
        answer = await visitor.login(account.credentials | {"password": "a-wrong-guess"})
        yield answer.status_code


@pytest.mark.step("L2", "K11")
@pytest.mark.requirement("LG-5")
async def test_after_too_many_wrong_passwords_one_is_told_how_long_to_wait(
    visitor: Visitor, user: Account
) -> None:
    answer = await _fail_until_told_to_wait(visitor, user.email)

    assert_retry_later(answer, 429, "too_many_attempts")


@pytest.mark.step("L2")
@pytest.mark.requirement("LG-5")
async def test_too_many_attempts_look_alike_for_known_and_unknown_accounts(
    visitor: Visitor, user: Account
) -> None:
    guesses = {"known": user.email, "unknown": f"un{user.email}"}

    statuses = {
        who: [
            (await visitor.login({"email": email, "password": "a-wrong-guess"})).status_code
            for _ in range(LIMIT + 2)
        ]
        for who, email in guesses.items()
    }

    assert statuses["known"] == statuses["unknown"]
    assert statuses["known"][-1] == 429


@pytest.mark.step("L2")
async def test_attempts_are_counted_by_canonical_address(visitor: Visitor, user: Account) -> None:
    await _fail_until_told_to_wait(visitor, user.email)

    answer = await visitor.login(user.credentials | {"email": user.email.upper()})

    assert_retry_later(answer, 429, "too_many_attempts")


@pytest.mark.step("L2")
async def test_the_right_password_has_to_wait_as_well(visitor: Visitor, user: Account) -> None:
    await _fail_until_told_to_wait(visitor, user.email)

    answer = await visitor.login(user.credentials)

    assert_retry_later(answer, 429, "too_many_attempts")


@pytest.mark.step("L2")
@pytest.mark.requirement("LG-6")
async def test_after_the_wait_the_right_password_is_right_again(
    visitor: Visitor, user: Account, clock: FrozenClock
) -> None:
    told = await _fail_until_told_to_wait(visitor, user.email)

    clock.move(timedelta(seconds=int(told.headers["retry-after"])))

    assert (await visitor.login(user.credentials)).status_code == 200


@pytest.mark.step("L2")
async def test_one_accounts_failures_are_not_anothers(
    visitor: Visitor, user: Account, make_user: MakeUser
) -> None:
    other = await make_user()

    await _fail_until_told_to_wait(visitor, user.email)

    assert (await visitor.login(other.credentials)).status_code == 200


@pytest.mark.step("L7")
async def test_a_login_that_succeeds_takes_its_attempts_back(
    visitor: Visitor, user: Account
) -> None:
    assert [status async for status in _failures(visitor, user, LIMIT - 1)] == [401] * (LIMIT - 1)
    await visitor.sign_in(user)

    again = [status async for status in _failures(visitor, user, LIMIT - 1)]

    assert again == [401] * (LIMIT - 1)


@pytest.mark.step("L2")
@pytest.mark.requirement("LG-5")
async def test_one_address_can_not_try_many_accounts(deploy: Deploy) -> None:
    deployment = await deploy(LOGIN_LIMIT_ADDRESS="5/15m")
    async with deployment.client() as http:
        visitor = Visitor(http=http)

        answers = [
            await visitor.login({"email": f"nobody{i}@example.com", "password": "a-wrong-guess"})
            for i in range(6)
        ]

    for answer in answers[:5]:
        assert_problem(answer, 401, "invalid_credentials")
    assert_retry_later(answers[5], 429, "too_many_attempts")


@pytest.mark.step("L2")
@pytest.mark.requirement("LG-6")
async def test_a_strangers_failures_do_not_lock_the_owner_out(deploy: Deploy) -> None:
    deployment = await deploy(TRUSTED_PROXIES="127.0.0.1")
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http)
        home, stranger = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.99"}
        right = deployment.admin.credentials
        wrong = right | {"password": "a-wrong-guess"}
        assert (await visitor.login(right, headers=home)).status_code == 200

        guesses = [await visitor.login(wrong, headers=stranger) for _ in range(LIMIT + 1)]
        answer = await visitor.login(right, headers=home)

    assert guesses[-1].status_code == 429
    assert answer.status_code == 200


@pytest.mark.step("L2")
@pytest.mark.requirement("LG-7")
async def test_an_address_that_a_client_claims_counts_for_nothing(
    visitor: Visitor, user: Account
) -> None:
    wrong = user.credentials | {"password": "a-wrong-guess"}

    answers = [
        await visitor.login(wrong, headers={"X-Forwarded-For": f"192.0.2.{i}"})
        for i in range(LIMIT + 1)
    ]

    assert answers[-1].status_code == 429
