"""Refresh tokens over time."""

from datetime import timedelta

import pytest

from latchkey.testing.flow.expectations import assert_ended, assert_problem
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

GRACE, MOMENT = timedelta(seconds=10), timedelta(milliseconds=1)
IDLE, ABSOLUTE = timedelta(days=7), timedelta(days=30)


@pytest.mark.promise("R4")
async def test_a_retired_token_is_accepted_until_the_end_of_the_grace(
    visitor: Visitor, somebody: SignedIn, clock: FrozenClock
) -> None:
    successor = await visitor.successor(somebody.refresh)
    clock.move(GRACE)

    assert await visitor.successor(somebody.refresh) == successor
    clock.move(MOMENT)
    assert_ended(await visitor.refresh(somebody.refresh), "reuse_detected")


@pytest.mark.promise("R4")
async def test_a_replay_does_not_extend_the_grace(
    visitor: Visitor, somebody: SignedIn, clock: FrozenClock
) -> None:
    await visitor.successor(somebody.refresh)
    clock.move(GRACE * 0.9)
    await visitor.successor(somebody.refresh)

    clock.move(GRACE * 0.9)

    assert_ended(await visitor.refresh(somebody.refresh), "reuse_detected")


@pytest.mark.promise("R5")
async def test_the_grace_of_a_token_counts_from_its_own_retirement(
    visitor: Visitor, somebody: SignedIn, clock: FrozenClock
) -> None:
    second = await visitor.successor(somebody.refresh)
    clock.move(GRACE * 0.9)
    await visitor.successor(second)
    clock.move(GRACE * 0.2)

    assert await visitor.successor(second)
    assert_ended(await visitor.refresh(somebody.refresh), "reuse_detected")


@pytest.mark.promise("R4", "R8")
@pytest.mark.requirement("RS-4")
async def test_without_a_grace_a_token_is_accepted_once(deploy: Deploy) -> None:
    deployment = await deploy(REFRESH_GRACE="0")
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http)
        first = (await visitor.sign_in(deployment.admin)).refresh
        second = await visitor.successor(first)

        answers = [await visitor.refresh(first), await visitor.refresh(second)]

    for answer in answers:
        assert_ended(answer, "reuse_detected")


@pytest.mark.promise("S1", "R2")
@pytest.mark.requirement("RS-5")
async def test_a_session_that_is_not_refreshed_for_7_days_expires(
    visitor: Visitor, somebody: SignedIn, clock: FrozenClock
) -> None:
    clock.move(IDLE - MOMENT)
    kept = await visitor.successor(somebody.refresh)

    clock.move(IDLE)

    assert_ended(await visitor.refresh(kept), "expired")


@pytest.mark.promise("S1", "C2")
@pytest.mark.requirement("RS-5")
async def test_refreshes_extend_a_session_to_30_days_at_most(
    visitor: Visitor, somebody: SignedIn, clock: FrozenClock
) -> None:
    token, lifetimes = somebody.refresh, []
    for _ in range(4):
        clock.move(timedelta(days=6))
        answer = await visitor.refresh(token)
        token = SetCookie.of(answer).value
        lifetimes.append(SetCookie.of(answer).max_age)
    clock.move(timedelta(days=5))
    last = SetCookie.of(await visitor.refresh(token))
    clock.move(timedelta(days=1))

    answer = await visitor.refresh(last.value)

    week, day = 7 * 86_400, 86_400
    assert lifetimes[:3] == [week, week, week]
    assert 6 * day - 2 <= lifetimes[3] <= 6 * day
    assert day - 2 <= last.max_age <= day
    assert_problem(answer, 401, "refresh_token_invalid")


@pytest.mark.promise("S8")
@pytest.mark.requirement("RS-14")
async def test_one_session_too_many_ends_the_idlest(deploy: Deploy) -> None:
    deployment = await deploy(SESSIONS_PER_USER="2")
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http)
        signed_in = []
        for _ in range(2):
            signed_in.append(await visitor.sign_in(deployment.admin))
            await deployment.outlast(timedelta(milliseconds=2))
        first, second = signed_in
        refreshed = await visitor.successor(first.refresh)
        await deployment.outlast(timedelta(milliseconds=2))

        third = await visitor.sign_in(deployment.admin)

        assert_ended(await visitor.refresh(second.refresh), "replaced")
        assert await visitor.successor(refreshed)
        assert await visitor.successor(third.refresh)


@pytest.mark.promise("A1", "S1")
async def test_lifetimes_are_as_configured(deploy: Deploy) -> None:
    deployment = await deploy(JWT_ACCESS_TTL="PT2M", JWT_REFRESH_TTL="3600", SESSION_MAX_AGE="90m")
    assert deployment.admin is not None
    async with deployment.client() as http:
        answer = await Visitor(http=http).login(deployment.admin.credentials)

    assert answer.json()["expiresIn"] == 120
    assert SetCookie.of(answer).max_age in {3_599, 3_600}
