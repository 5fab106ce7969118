"""Who has a second factor proves it for changes of password and address, and for the deletion."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import httpx
import pytest

from latchkey.testing.flow.authenticator import enrolled, opened, signed_in
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_challenge,
    assert_problem,
    assert_retry_later,
    check_no_cookie,
    constant_body,
    expect,
)
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.passkey_users import login_with, with_passkey
from latchkey.testing.flow.visitor import SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

FRESH = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
NEW = f"{GOOD_PASSWORD}-new"
WRONG = "a-wrong-guess"
MANY = 60  # more than any sensible limit
CHALLENGE = 'error="insufficient_user_authentication", max_age="300"'

Change = Callable[[Visitor, str, str], Awaitable[httpx.Response]]

CHANGES: Final[dict[str, Change]] = {
    "password": lambda visitor, access, current: visitor.change_password(access, current, NEW),
    "address": lambda visitor, access, current: visitor.request_email_change(
        access, new_email(), current
    ),
    "deletion": lambda visitor, access, current: visitor.delete_account(access, current),
}
with_each_change = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)


@pytest.mark.promise("Y12", "F58", "F59", "F63")
@pytest.mark.requirement("MF-10")
@with_each_change
async def test_a_copied_session_and_the_password_are_not_enough_where_there_is_a_second_factor(
    visitor: Visitor, user: Account, deployment: Deployment, clock: FrozenClock, change: Change
) -> None:
    known = await enrolled(visitor, user, deployment)
    clock.move(FRESH + SECOND)
    copied = opened(user, await visitor.refresh(known.session.refresh))

    answer = await change(visitor, copied.access, user.password)

    assert_problem(answer, 401, "reauthentication_required")
    assert_challenge(answer, error="insufficient_user_authentication")
    given = answer.headers["www-authenticate"]
    expect(answer, CHALLENGE, holds=given.endswith(CHALLENGE))
    check_no_cookie(answer, "Y12")
    assert (await visitor.account(copied.access)).json()["pendingEmail"] is None
    session = await signed_in(visitor, known, deployment)
    assert (await change(visitor, session.access, user.password)).is_success


@pytest.mark.promise("Y12")
@pytest.mark.requirement("MF-10")
@with_each_change
async def test_a_passkey_signs_in_freshly_too(
    visitor: Visitor, user: Account, deployment: Deployment, clock: FrozenClock, change: Change
) -> None:
    known = await with_passkey(visitor, user, deployment)
    clock.move(FRESH + SECOND)

    answer = await change(visitor, known.session.access, user.password)

    assert_problem(answer, 401, "reauthentication_required")
    session = opened(user, await login_with(visitor, known))
    assert (await change(visitor, session.access, user.password)).is_success


@pytest.mark.promise("Y12", "CP1")
@pytest.mark.requirement("MF-10", "RP-6")
@with_each_change
async def test_such_a_refusal_tells_nothing_of_the_password_and_counts_no_attempt(
    visitor: Visitor, user: Account, deployment: Deployment, clock: FrozenClock, change: Change
) -> None:
    known = await enrolled(visitor, user, deployment)
    access = known.session.access
    clock.move(FRESH - SECOND)
    assert_problem(await change(visitor, access, WRONG), 403, "password_incorrect")
    clock.move(2 * SECOND)

    answers = [await change(visitor, access, WRONG) for _ in range(MANY)]
    answers.append(await change(visitor, access, user.password))

    for answer in answers:
        assert_problem(answer, 401, "reauthentication_required")
    told = {(constant_body(each), each.headers["www-authenticate"]) for each in answers}
    assert len(told) == 1
    clock.move(-2 * SECOND)  # the count of the same session has room
    assert (await change(visitor, access, user.password)).is_success


@pytest.mark.promise("Y12", "CP1")
@pytest.mark.requirement("MF-10")
async def test_a_fresh_session_still_has_so_many_attempts(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    access = (await enrolled(visitor, user, deployment)).session.access

    answer = await visitor.delete_account(access, WRONG)
    assert_problem(answer, 403, "password_incorrect")
    for _ in range(MANY):
        answer = await visitor.delete_account(access, WRONG)
        if answer.status_code != httpx.codes.FORBIDDEN:
            break

    assert_retry_later(answer, 429, "too_many_attempts")


@pytest.mark.promise("Y12")
@pytest.mark.requirement("MF-10")
@with_each_change
async def test_without_a_second_factor_the_password_alone_is_enough_as_before(
    visitor: Visitor, newcomer: SignedIn, clock: FrozenClock, change: Change
) -> None:
    clock.move(FRESH + SECOND)
    later = opened(newcomer.account, await visitor.refresh(newcomer.refresh))

    assert_problem(await change(visitor, later.access, WRONG), 403, "password_incorrect")
    assert (await change(visitor, later.access, newcomer.account.password)).is_success
