"""How often codes may be tried, by whom."""

from datetime import timedelta
from uuid import uuid4

import pytest

from latchkey.testing.flow.authenticator import challenged, enrolled, signed_in
from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_problem,
    assert_retry_later,
    assert_status,
    constant_body,
)
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.visitor import SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

LIMIT = 10  # the documented default, in a quarter of an hour


@pytest.mark.promise("Y5")
@pytest.mark.requirement("MF-3")
async def test_wrong_codes_count_over_all_challenges_and_refuse_the_right_one_too(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)  # has counted one
    wrong = await known.app.wrong_code(deployment)
    challenges = [await challenged(visitor, user) for _ in range(3)]

    for attempt in range(LIMIT - 1):
        factor = ("totp", "recovery_code")[attempt % 2]
        answer = await visitor.second_factor(challenges[attempt % 3], wrong, factor)
        assert_problem(answer, 401, "second_factor_invalid")
    right = await known.app.code(deployment)
    refused = [await visitor.second_factor(challenges[0], code) for code in (wrong, right)]

    for answer in refused:
        assert_retry_later(answer, 429, "too_many_attempts")
    assert constant_body(refused[0]) == constant_body(refused[1])
    assert_problem(await visitor.login(user.credentials), 401, "second_factor_required")


@pytest.mark.promise("Y5")
@pytest.mark.requirement("MF-3")
async def test_neither_new_challenges_nor_other_addresses_give_new_attempts(
    deploy: Deploy,
) -> None:
    deployment = await deploy(TRUSTED_PROXIES="127.0.0.1/32")
    user = deployment.admin
    assert user is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)
        known = await enrolled(visitor, user, deployment)
        wrong, right = await known.app.wrong_code(deployment), await known.app.code(deployment)
        for attempt in range(LIMIT - 1):
            there = {"X-Forwarded-For": f"192.0.2.{attempt}"}
            challenge = await challenged(visitor, user)
            answer = await visitor.second_factor(challenge, wrong, headers=there)
            assert_problem(answer, 401, "second_factor_invalid")

        challenge = await challenged(visitor, user)
        elsewhere = {"X-Forwarded-For": "198.51.100.1"}
        refused = await visitor.second_factor(challenge, right, headers=elsewhere)

    assert_retry_later(refused, 429, "too_many_attempts")


@pytest.mark.promise("Y5", "L7")
@pytest.mark.requirement("MF-3")
async def test_a_completed_login_takes_the_attempts_back(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)
    for _ in range(2):  # with those of the first, the second would be over the limit
        wrong = await known.app.wrong_code(deployment)
        challenge = await challenged(visitor, user)
        for _ in range(LIMIT // 2):
            answer = await visitor.second_factor(challenge, wrong)
            assert_problem(answer, 401, "second_factor_invalid")

        session = await signed_in(visitor, known, deployment)
        assert_status(await visitor.me(session.access), 200)


@pytest.mark.promise("Y5")
@pytest.mark.requirement("MF-3")
async def test_nobody_without_the_password_uses_the_attempts_up(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)

    for _ in range(3 * LIMIT):
        assert_problem(await visitor.second_factor("A" * 84, "000000"), 401, "challenge_invalid")

    session = await signed_in(visitor, known, deployment)
    assert_status(await visitor.me(session.access), 200)


@pytest.mark.promise("L7", "Y5")
async def test_logins_that_are_completed_do_not_count_against_the_password(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)

    for code in known.codes:
        challenge = await challenged(visitor, user)
        assert_status(await visitor.second_factor(challenge, code, "recovery_code"), 200)
    for _ in range(2):
        assert_status(await visitor.me((await signed_in(visitor, known, deployment)).access), 200)


async def _confirm_in_vain(visitor: Visitor, session: SignedIn, code: str) -> None:
    for _ in range(2 * LIMIT):
        answer = await visitor.confirm_totp(session.access, str(uuid4()), "000000")
        assert_problem(answer, 401, code)


@pytest.mark.promise("Y5", "Y12")
@pytest.mark.requirement("MF-3")
async def test_a_session_that_is_no_longer_fresh_uses_no_attempts_up(
    visitor: Visitor, user: Account, deployment: Deployment, clock: FrozenClock
) -> None:
    known = await enrolled(visitor, user, deployment)
    clock.move(timedelta(minutes=6))

    await _confirm_in_vain(visitor, known.session, "reauthentication_required")

    session = await signed_in(visitor, known, deployment)
    assert_status(await visitor.me(session.access), 200)


@pytest.mark.promise("Y5", "A5")
@pytest.mark.requirement("MF-3")
async def test_a_session_that_has_ended_uses_no_attempts_up(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)
    await visitor.logout(known.session.refresh)

    await _confirm_in_vain(visitor, known.session, "access_token_invalid")

    session = await signed_in(visitor, known, deployment)
    assert_status(await visitor.me(session.access), 200)
