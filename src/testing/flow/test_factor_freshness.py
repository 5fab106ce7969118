"""A change of second factors needs a recent sign-in."""

from datetime import timedelta
from uuid import uuid4

import pytest

from latchkey.testing.flow.authenticator import challenged, enrolled, opened
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_challenge,
    assert_problem,
    assert_status,
    check_no_cookie,
    expect,
)
from latchkey.testing.flow.mailbox import mails
from latchkey.testing.flow.visitor import SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

FRESH = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
CHALLENGE = 'error="insufficient_user_authentication", max_age="300"'


async def _assert_too_old(visitor: Visitor, session: SignedIn) -> None:
    for answer in (
        await visitor.begin_totp(session.access),
        await visitor.confirm_totp(session.access, str(uuid4()), "000000"),
        await visitor.replace_codes(session.access),
        await visitor.remove_factors(session.access),
    ):
        assert_problem(answer, 401, "reauthentication_required")
        assert_challenge(answer, error="insufficient_user_authentication")
        given = answer.headers["www-authenticate"]
        expect(answer, CHALLENGE, holds=given.endswith(CHALLENGE))
        check_no_cookie(answer, "Y12")
    assert_status(await visitor.factors(session.access), 200)


@pytest.mark.promise("Y12")
@pytest.mark.requirement("MF-4")
async def test_a_session_can_change_factors_for_five_minutes(
    visitor: Visitor, newcomer: SignedIn, clock: FrozenClock
) -> None:
    clock.move(FRESH - SECOND)
    assert_status(await visitor.begin_totp(newcomer.access), 201)
    clock.move(2 * SECOND)

    await _assert_too_old(visitor, newcomer)

    assert_status(await visitor.begin_totp((await visitor.sign_in(newcomer.account)).access), 201)


@pytest.mark.promise("Y12", "Y19")
@pytest.mark.requirement("MF-4")
async def test_neither_a_refresh_nor_a_changed_password_makes_two_factors_fresh_again(
    visitor: Visitor, user: Account, deployment: Deployment, clock: FrozenClock
) -> None:
    known = await enrolled(visitor, user, deployment)
    clock.move(FRESH - SECOND)

    new = f"{GOOD_PASSWORD}-new"
    changed = opened(user, await visitor.change_password(known.session.access, user.password, new))
    clock.move(2 * SECOND)
    await _assert_too_old(visitor, changed)
    refreshed = await visitor.refresh(changed.refresh)
    await _assert_too_old(visitor, opened(user, refreshed))

    renewed = Account(email=user.email, password=new)
    challenge = await challenged(visitor, renewed)
    completed = await visitor.second_factor(challenge, await known.app.code(deployment))
    assert_status(await visitor.remove_factors(opened(renewed, completed).access), 200)


@pytest.mark.promise("Y12", "Y14")
@pytest.mark.requirement("MF-4")
async def test_a_change_of_factors_does_not_make_a_sign_in_fresh_again(
    visitor: Visitor, user: Account, deployment: Deployment, clock: FrozenClock
) -> None:
    known = await enrolled(visitor, user, deployment)
    clock.move(FRESH - SECOND)

    replaced = await visitor.replace_codes(known.session.access)
    clock.move(2 * SECOND)

    assert_status(replaced, 201)
    await _assert_too_old(visitor, opened(user, replaced))


@pytest.mark.promise("ML13", "Y14")
@pytest.mark.requirement("MF-4")
async def test_a_user_is_told_of_every_change(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)
    replaced = await visitor.replace_codes(known.session.access)
    await visitor.remove_factors(opened(user, replaced).access)

    for subject in (
        "A second factor was added to your account",
        "Your recovery codes were replaced",
        "The second factor of your account was removed",
    ):
        await mails(visitor, user.email, 1, subject)


@pytest.mark.promise("F25", "Y7", "F50")
@pytest.mark.requirement("MF-5")
async def test_features_tell_whether_second_factors_can_be_added(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    features = (await visitor.features()).json()

    answer = await visitor.begin_totp(newcomer.access)

    if features["secondFactors"]:
        assert_status(answer, 201)
    else:
        assert_problem(answer, 403, "second_factors_disabled")
