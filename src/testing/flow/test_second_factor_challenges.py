"""Challenges: how long they are good, and for what."""

import asyncio
from datetime import timedelta
from itertools import islice

import pytest

from latchkey.testing.flow.authenticator import (
    Authenticator,
    Enrolled,
    challenged,
    enrolled,
    signed_in,
)
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Deployment, Operator
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_problem,
    assert_status,
    check_no_cookie,
    member,
)
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.mailbox import reset_token
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

NEW = f"{GOOD_PASSWORD}-new"
LIFETIME = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
CODE = "000000"


@pytest.fixture
async def known(visitor: Visitor, user: Account, deployment: Deployment) -> Enrolled:
    """Return a new user with a second factor, with which a test may do anything."""
    return await enrolled(visitor, user, deployment)


async def _assert_ended(
    visitor: Visitor, known: Enrolled, challenge: str, deployment: Deployment
) -> None:
    answer = await visitor.second_factor(challenge, await known.app.code(deployment))
    assert_problem(answer, 401, "challenge_invalid")
    check_no_cookie(answer, "Y1")


@pytest.mark.promise("Y1")
@pytest.mark.requirement("MF-1")
async def test_a_challenge_is_good_for_five_minutes(
    visitor: Visitor, known: Enrolled, deployment: Deployment, clock: FrozenClock
) -> None:
    first, second = [await challenged(visitor, known.account) for _ in range(2)]

    clock.move(LIFETIME - 2 * SECOND)
    in_time = await visitor.second_factor(first, await known.app.code(deployment))
    clock.move(2 * SECOND)

    assert_status(in_time, 200)
    await _assert_ended(visitor, known, second, deployment)


@pytest.mark.promise("Y1")
@pytest.mark.requirement("MF-1")
async def test_a_challenge_with_any_character_changed_is_no_challenge(
    visitor: Visitor, known: Enrolled
) -> None:
    challenge = await challenged(visitor, known.account)

    for place, letter in enumerate(challenge):
        other = "A" if letter != "A" else "B"
        forged = challenge[:place] + other + challenge[place + 1 :]
        answer = await visitor.second_factor(forged, CODE)
        assert_problem(answer, 401, "challenge_invalid")


@pytest.mark.promise("Y1", "C6", "LK2", "C7", "A2")
@pytest.mark.requirement("MF-1")
async def test_a_challenge_is_nothing_else_and_nothing_else_is_a_challenge(
    visitor: Visitor, known: Enrolled, deployment: Deployment
) -> None:
    challenge = await challenged(visitor, known.account)
    completed = await visitor.second_factor(challenge, await known.app.code(deployment))
    device = SetCookie.of_device(completed)
    link = await reset_token(visitor, known.account.email)

    for token in (known.session.access, known.session.refresh, device.value, link):
        answer = await visitor.second_factor(token, CODE)
        assert_problem(answer, 401, "challenge_invalid")
    assert_problem(await visitor.me(challenge), 401, "access_token_invalid")
    assert_problem(await visitor.refresh(challenge), 401, "refresh_token_invalid")
    assert_problem(await visitor.reset_password(challenge, NEW), 400, "link_invalid")
    assert_problem(await visitor.read_link(challenge), 400, "link_invalid")
    known_by_it = await visitor.login(
        known.account.credentials | {"password": "a-wrong-guess"},
        headers={"Cookie": f"{device.name}={challenge}"},
    )
    assert_problem(known_by_it, 401, "invalid_credentials")


@pytest.mark.promise("Y1", "L4")
@pytest.mark.requirement("MF-1")
async def test_a_challenge_lapses_with_the_password(
    visitor: Visitor, known: Enrolled, operator: Operator, deployment: Deployment
) -> None:
    challenge = await challenged(visitor, known.account)

    await operator.set_password(known.account.email, NEW)

    await _assert_ended(visitor, known, challenge, deployment)


@pytest.mark.promise("Y1", "L4")
async def test_a_challenge_lapses_with_the_account(
    visitor: Visitor, known: Enrolled, operator: Operator, deployment: Deployment
) -> None:
    challenge = await challenged(visitor, known.account)

    await operator.disable(known.account.email)

    wrong = await visitor.second_factor(challenge, CODE)
    assert_problem(wrong, 401, "challenge_invalid")
    await _assert_ended(visitor, known, challenge, deployment)


@pytest.mark.promise("Y1", "Y17", "S2")
@pytest.mark.requirement("MF-7")
async def test_an_operator_removes_second_factors_and_ends_all_sessions(
    visitor: Visitor, known: Enrolled, operator: Operator, deployment: Deployment
) -> None:
    challenge = await challenged(visitor, known.account)

    await operator.reset_factors(known.account.email)

    assert_ended(await visitor.refresh(known.session.refresh), "revoked")
    await _assert_ended(visitor, known, challenge, deployment)
    session = await visitor.sign_in(known.account)
    factors = (await visitor.factors(session.access)).json()
    assert (factors["items"], factors["recoveryCodesLeft"]) == ([], 0)
    assert "acr" not in Anatomy.of(session.access).claims


@pytest.mark.promise("Y16", "PR6")
@pytest.mark.requirement("MF-4")
async def test_a_new_password_by_a_link_leaves_the_second_factor_and_signs_nobody_in(
    visitor: Visitor, known: Enrolled, deployment: Deployment
) -> None:
    token = await reset_token(visitor, known.account.email)

    answer = await visitor.reset_password(token, NEW)

    assert_status(answer, 200)
    assert "accessToken" not in answer.json()
    renewed = Account(email=known.account.email, password=NEW)
    challenge = await challenged(visitor, renewed)
    completed = await visitor.second_factor(challenge, await known.app.code(deployment))
    assert_status(completed, 200)


@pytest.mark.promise("Y14", "CP2", "Y19")
@pytest.mark.requirement("MF-4")
async def test_a_changed_password_neither_renews_nor_loses_the_second_factor(
    visitor: Visitor, known: Enrolled, deployment: Deployment
) -> None:
    session = await signed_in(visitor, known, deployment)
    before = Anatomy.of(session.access).claims
    await deployment.outlast(2 * SECOND)

    answer = await visitor.change_password(session.access, known.account.password, NEW)

    assert_status(answer, 200)
    after = Anatomy.of(member(answer, "accessToken")).claims
    assert [after[name] for name in ("acr", "auth_time")] == [
        before[name] for name in ("acr", "auth_time")
    ]
    assert after["sid"] != before["sid"]


@pytest.mark.promise("Y1", "L4")
@pytest.mark.requirement("MF-1")
@pytest.mark.parametrize("answered", range(3))
async def test_logins_that_race_an_enrolment_leave_no_session_without_a_second_factor(
    visitor: Visitor, user: Account, deployment: Deployment, answered: int
) -> None:
    session = await visitor.sign_in(user)
    begun = await visitor.begin_totp(session.access)
    app = Authenticator.of(begun)
    code = await app.code(deployment)
    logins = [asyncio.ensure_future(visitor.login(user.credentials)) for _ in range(4)]
    for _ in range(answered):
        await asyncio.sleep(0)

    confirmed = await visitor.confirm_totp(session.access, member(begun, "id"), code)

    assert_status(confirmed, 200)
    for answer in await asyncio.gather(*logins):
        if answer.is_success:
            assert_ended(await visitor.refresh(SetCookie.of(answer).value), "revoked")


@pytest.mark.promise("Y17", "Y6", "L4")
@pytest.mark.requirement("MF-7")
@pytest.mark.parametrize("answered", range(3))
async def test_logins_that_race_a_reset_of_the_factors_leave_no_session(
    visitor: Visitor, known: Enrolled, operator: Operator, answered: int
) -> None:
    challenge = await challenged(visitor, known.account)
    logins = [
        asyncio.ensure_future(visitor.second_factor(challenge, code, "recovery_code"))
        for code in known.codes[:6]
    ]
    for early in islice(asyncio.as_completed(logins), answered):
        assert_status(await early, 200)

    await operator.reset_factors(known.account.email)

    for answer in await asyncio.gather(*logins):
        assert_status(answer, 200, 401, 503)  # a busy service may refuse
        if answer.is_success:
            assert_ended(await visitor.refresh(SetCookie.of(answer).value), "revoked")
