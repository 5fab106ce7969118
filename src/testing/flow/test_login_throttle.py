"""Login throttling: guessing passwords is slow, and the owner of the account is not locked out."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import count, islice, repeat

import httpx
import pytest

from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import (
    BrokenPromiseError,
    assert_problem,
    assert_retry_later,
    assert_status,
    expect,
)
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.passkey_users import asked, with_passkey
from latchkey.testing.flow.visitor import Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

LIMIT = 10  # the documented default, in a quarter of an hour
MANY = 60  # more than any sensible limit
AT_ONCE = 6  # few enough for the queue of the password hasher
WRONG = "a-wrong-guess"


async def _fail_until_told_to_wait(
    visitor: Visitor, email: str, headers: Iterator[dict[str, str]] | None = None
) -> httpx.Response:
    """Guess passwords, some at a time, and return the first response that is not 401.

    Args:
        visitor: Who guesses.
        email: Whose password.
        headers: Headers for each guess; none by default.
    """
    headers = headers or repeat({})
    answers = await _guess(visitor, email, headers)
    for _ in range(MANY // AT_ONCE):
        others = [answer for answer in answers if answer.status_code != 401]
        if others:
            return others[0]
        answers = await _guess(visitor, email, headers)
    raise BrokenPromiseError(f"429 Too Many Requests, within {MANY} wrong passwords", answers[0])


async def _guess(
    visitor: Visitor, email: str, headers: Iterator[dict[str, str]]
) -> list[httpx.Response]:
    guess = {"email": email, "password": WRONG}
    return await asyncio.gather(
        *(visitor.login(guess, headers=each) for each in islice(headers, AT_ONCE))
    )


async def _guess_until_told_to_wait(visitor: Visitor, email: str) -> tuple[int, httpx.Response]:
    """Guess passwords one after the other; return how many were checked, and the response."""
    guess = {"email": email, "password": WRONG}
    checked, answer = 0, await visitor.login(guess)
    while answer.status_code == 401 and checked < MANY:
        checked, answer = checked + 1, await visitor.login(guess)
    return checked, answer


async def _fail(visitor: Visitor, account: Account, times: int) -> None:
    wrong = account.credentials | {"password": WRONG}
    for answer in await asyncio.gather(*(visitor.login(wrong) for _ in range(times))):
        assert_problem(answer, 401, "invalid_credentials")


@pytest.mark.promise("L2", "K11")
@pytest.mark.requirement("LG-5")
async def test_an_account_with_too_many_wrong_passwords_has_to_wait_and_no_other(
    visitor: Visitor, user: Account, resident: Account
) -> None:
    limited = await _fail_until_told_to_wait(visitor, user.email)

    right = await visitor.login(user.credentials)
    other_case = await visitor.login(user.credentials | {"email": user.email.upper()})
    other_account = await visitor.login(resident.credentials)

    for answer in (limited, right, other_case):
        assert_retry_later(answer, 429, "too_many_attempts")
    assert_status(other_account, 200)


@pytest.mark.promise("L2")
@pytest.mark.requirement("LG-5")
async def test_known_and_unknown_accounts_have_the_same_limit(
    visitor: Visitor, user: Account
) -> None:
    (known, answer), (unknown, other) = await asyncio.gather(
        _guess_until_told_to_wait(visitor, user.email),
        _guess_until_told_to_wait(visitor, f"un{user.email}"),
    )

    assert_retry_later(answer, 429, "too_many_attempts")
    promised = f"429 after {known} wrong passwords, as for an account that exists"
    expect(other, f"{promised}, not after {unknown}", holds=known == unknown)


@pytest.mark.promise("L2")
@pytest.mark.requirement("LG-6")
async def test_after_the_wait_the_right_password_is_accepted(
    visitor: Visitor, user: Account, clock: FrozenClock
) -> None:
    told = await _fail_until_told_to_wait(visitor, user.email)

    clock.move(timedelta(seconds=int(told.headers["retry-after"])))

    assert_status(await visitor.login(user.credentials), 200)


@pytest.mark.promise("L7")
async def test_a_login_that_succeeds_takes_its_attempts_back(
    visitor: Visitor, user: Account
) -> None:
    await _fail(visitor, user, LIMIT - 1)
    await visitor.sign_in(user)

    await _fail(visitor, user, 2)  # with those before, one too many
    await visitor.sign_in(user)


@pytest.mark.promise("L2")
@pytest.mark.requirement("LG-5")
async def test_one_address_cannot_try_many_accounts(deploy: Deploy) -> None:
    deployment = await deploy(LOGIN_LIMIT_ADDRESS="5/15m")
    async with deployment.client() as http:
        visitor = Visitor(http=http)

        answers = [
            await visitor.login({"email": f"nobody{i}@example.com", "password": WRONG})
            for i in range(6)
        ]

    for answer in answers[:5]:
        assert_problem(answer, 401, "invalid_credentials")
    assert_retry_later(answers[5], 429, "too_many_attempts")


@pytest.mark.promise("L2")
@pytest.mark.requirement("LG-6")
async def test_failures_from_another_address_do_not_lock_the_owner_out(deploy: Deploy) -> None:
    deployment = await deploy(TRUSTED_PROXIES="127.0.0.1")
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http)
        home, stranger = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.99"}
        right = deployment.admin.credentials
        wrong = right | {"password": WRONG}
        assert_status(await visitor.login(right, headers=home), 200)

        guesses = [await visitor.login(wrong, headers=stranger) for _ in range(LIMIT + 1)]
        answer = await visitor.login(right, headers=home)

    assert guesses[-1].status_code == 429
    assert_status(answer, 200)


@pytest.mark.promise("L2")
@pytest.mark.requirement("LG-7")
async def test_an_address_that_a_client_claims_is_ignored(visitor: Visitor, user: Account) -> None:
    claims = ({"X-Forwarded-For": f"192.0.2.{number}"} for number in count())

    answer = await _fail_until_told_to_wait(visitor, user.email, claims)

    assert_retry_later(answer, 429, "too_many_attempts")


@pytest.mark.promise("Y11", "L2")
async def test_wrong_passkeys_are_counted_by_the_clients_address(deploy: Deploy) -> None:
    deployment = await deploy(LOGIN_LIMIT_ADDRESS="5/15m", TRUSTED_PROXIES="127.0.0.1")
    assert deployment.admin is not None
    home, elsewhere = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "198.51.100.7"}
    async with deployment.client() as http:
        visitor = Visitor(http=http)
        known = await with_passkey(visitor, deployment.admin, deployment)

        for _ in range(6):  # a success takes its attempt back
            right = known.passkey.sign(await asked(visitor), known.how)
            assert_status(await visitor.login_passkey(right, headers=home), 200)
        for _ in range(5):
            wrong = known.passkey.sign(await asked(visitor), known.how.but(origin="https://a.b"))
            refused = await visitor.login_passkey(wrong, headers=home)
            assert_problem(refused, 401, "passkey_invalid")
        right = known.passkey.sign(await asked(visitor), known.how)

        answer = await visitor.login_passkey(right, headers=home)
        there = await visitor.login_passkey(right, headers=elsewhere)

    assert_retry_later(answer, 429, "too_many_attempts")
    assert_status(there, 200)
