"""Refresh: the outcome for each presented token."""

from datetime import timedelta

import pytest

from latchkey.domain.audit.event import AuditAction
from latchkey.testing.flow.deployments import Account, Deployment, Forger, Operator
from latchkey.testing.flow.expectations import (
    assert_challenge,
    assert_ended,
    assert_problem,
    assert_status,
    check,
    check_no_cookie,
    json_object,
)
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio


async def _rotated(visitor: Visitor, token: str, times: int) -> str:
    for _ in range(times):
        token = await visitor.successor(token)
    return token


def _session_of(somebody: SignedIn) -> str:
    return str(Anatomy.of(somebody.access).claims["sid"])


@pytest.mark.promise("F2", "R3", "C6")
@pytest.mark.requirement("RS-1")
async def test_a_refresh_returns_new_tokens_of_the_same_session(
    visitor: Visitor, somebody: SignedIn
) -> None:
    answer = await visitor.refresh(somebody.refresh)

    assert_status(answer, 200)
    body = json_object(answer)
    assert set(body) == {"accessToken", "tokenType", "expiresIn"}
    assert (body["tokenType"], type(body["expiresIn"])) == ("Bearer", int)
    assert SetCookie.of(answer).value not in {"", somebody.refresh}
    old, new = Anatomy.of(somebody.access).claims, Anatomy.of(body["accessToken"]).claims
    assert new["sub"] == old["sub"]
    is_same = new.get("sid") == old.get("sid")
    check("A8", answer, "the sid of the session", holds=is_same)
    is_new = new.get("jti") not in {None, old.get("jti")}
    check("A8", answer, "another jti", holds=is_new)
    assert_status(await visitor.me(body["accessToken"]), 200)


@pytest.mark.promise("R3")
@pytest.mark.requirement("RS-1")
async def test_a_session_can_be_refreshed_again_and_again(
    visitor: Visitor, somebody: SignedIn
) -> None:
    tokens = [somebody.refresh]

    for _ in range(20):
        tokens.append(await visitor.successor(tokens[-1]))

    assert len(set(tokens)) == len(tokens)


@pytest.mark.promise("R1", "K16")
async def test_without_a_cookie_the_refresh_token_is_missing(visitor: Visitor) -> None:
    for cookie in (None, ""):
        answer = await visitor.refresh(cookie)

        assert_problem(answer, 401, "refresh_token_missing")
        assert_challenge(answer)


@pytest.mark.promise("R4", "R10")
@pytest.mark.requirement("RS-3")
async def test_a_retried_refresh_returns_the_same_new_token(
    visitor: Visitor, somebody: SignedIn
) -> None:
    thrown_away = await visitor.successor(somebody.refresh)

    retried = [await visitor.successor(somebody.refresh) for _ in range(3)]

    assert set(retried) == {thrown_away}
    assert await visitor.successor(thrown_away)


@pytest.mark.promise("R4")
@pytest.mark.requirement("RS-19", "ER-4")
async def test_a_replay_is_audited(
    visitor: Visitor, somebody: SignedIn, operator: Operator
) -> None:
    await visitor.successor(somebody.refresh)
    await visitor.successor(somebody.refresh)

    actions = await operator.audited(_session_of(somebody))

    assert actions == [AuditAction.LOGIN_SUCCEEDED, AuditAction.REFRESH_REPLAYED]


@pytest.mark.promise("R5", "R11")
async def test_a_request_that_two_others_overtook_is_rejected_and_ends_nothing(
    visitor: Visitor, somebody: SignedIn
) -> None:
    newest = await _rotated(visitor, somebody.refresh, 2)

    answer = await visitor.refresh(somebody.refresh)

    assert_problem(answer, 401, "refresh_token_superseded")
    check_no_cookie(answer, "R11")
    assert await visitor.successor(newest)


@pytest.mark.promise("R8", "R4", "R5")
@pytest.mark.requirement("RS-2")
async def test_after_the_grace_a_retired_token_is_theft_and_ends_the_session(
    visitor: Visitor, resident: Account, deployment: Deployment
) -> None:
    retired = [(await visitor.sign_in(resident)).refresh for _ in range(2)]
    newest = [await _rotated(visitor, token, times) for times, token in enumerate(retired, 1)]
    await deployment.outlast(deployment.grace + timedelta(seconds=0.5))

    for token in (*retired, *newest):
        assert_ended(await visitor.refresh(token), "reuse_detected")


@pytest.mark.promise("R8")
async def test_a_token_three_rotations_old_is_theft_at_once(
    visitor: Visitor, somebody: SignedIn
) -> None:
    newest = await _rotated(visitor, somebody.refresh, 3)

    assert_ended(await visitor.refresh(somebody.refresh), "reuse_detected")
    assert_ended(await visitor.refresh(newest), "reuse_detected")


@pytest.mark.promise("R8")
async def test_theft_ends_no_other_session(visitor: Visitor, somebody: SignedIn) -> None:
    other = await visitor.sign_in(somebody.account)
    await _rotated(visitor, somebody.refresh, 3)

    await visitor.refresh(somebody.refresh)

    assert await visitor.successor(other.refresh)


@pytest.mark.promise("R8")
@pytest.mark.requirement("ER-4")
async def test_theft_is_audited(visitor: Visitor, somebody: SignedIn, operator: Operator) -> None:
    await _rotated(visitor, somebody.refresh, 3)
    await visitor.refresh(somebody.refresh)

    actions = await operator.audited(_session_of(somebody))

    assert actions == [
        AuditAction.LOGIN_SUCCEEDED,
        AuditAction.REFRESH_REUSED,
        AuditAction.SESSION_ENDED,
    ]


@pytest.mark.promise("R6")
async def test_a_token_one_rotation_ahead_makes_up_for_a_lost_commit(
    visitor: Visitor, somebody: SignedIn, forger: Forger, operator: Operator
) -> None:
    ahead = forger.refresh_token(somebody.refresh, ahead=1)

    successor = await visitor.successor(ahead)

    assert successor == forger.refresh_token(somebody.refresh, ahead=2)
    actions = await operator.audited(_session_of(somebody))
    assert actions[-1] is AuditAction.REFRESH_FAST_FORWARDED


@pytest.mark.promise("R7")
@pytest.mark.requirement("RS-9")
@pytest.mark.parametrize("ahead", [2, 3, 1_000, 2**31 - 1, 2**31, 2**32 - 1])
async def test_a_token_further_ahead_ends_the_session(
    visitor: Visitor, somebody: SignedIn, forger: Forger, operator: Operator, ahead: int
) -> None:
    forged = forger.refresh_token(somebody.refresh, ahead=ahead)

    assert_ended(await visitor.refresh(forged), "reuse_detected")
    assert_ended(await visitor.refresh(somebody.refresh), "reuse_detected")
    assert AuditAction.REFRESH_NEVER_ISSUED in await operator.audited(_session_of(somebody))
