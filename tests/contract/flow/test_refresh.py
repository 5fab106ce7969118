"""Refresh: what a presented token means."""

from datetime import timedelta

import pytest

from contract.flow.deployments import Deployment, Forger, Operator
from contract.flow.expectations import assert_ended, assert_problem
from contract.flow.jwt_anatomy import Anatomy
from contract.flow.set_cookie import SetCookie
from contract.flow.visitor import SignedIn, Visitor
from latchkey.domain.audit.event import AuditAction

pytestmark = pytest.mark.anyio


async def _rotated(visitor: Visitor, token: str, times: int) -> str:
    for _ in range(times):
        token = await visitor.successor(token)
    return token


def _session_of(somebody: SignedIn) -> str:
    return str(Anatomy.of(somebody.access).claims["sid"])


@pytest.mark.step("F2", "R3", "C6")
@pytest.mark.requirement("RS-1")
async def test_a_refresh_gives_new_tokens_of_the_same_session(
    visitor: Visitor, somebody: SignedIn
) -> None:
    answer = await visitor.refresh(somebody.refresh)

    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"accessToken", "tokenType", "expiresIn"}
    assert (body["tokenType"], type(body["expiresIn"])) == ("Bearer", int)
    assert SetCookie.of(answer).value not in {"", somebody.refresh}
    old, new = Anatomy.of(somebody.access).claims, Anatomy.of(body["accessToken"]).claims
    assert (new["sub"], new["sid"]) == (old["sub"], old["sid"])
    assert new["jti"] != old["jti"]
    assert (await visitor.me(body["accessToken"])).status_code == 200


@pytest.mark.step("R3")
@pytest.mark.requirement("RS-1")
async def test_a_session_can_be_refreshed_again_and_again(
    visitor: Visitor, somebody: SignedIn
) -> None:
    tokens = [somebody.refresh]

    for _ in range(20):
        tokens.append(await visitor.successor(tokens[-1]))

    assert len(set(tokens)) == len(tokens)


@pytest.mark.step("R1", "K16")
async def test_without_a_cookie_the_refresh_token_is_missing(visitor: Visitor) -> None:
    for cookie in (None, ""):
        answer = await visitor.refresh(cookie)

        assert_problem(answer, 401, "refresh_token_missing")
        assert answer.headers["www-authenticate"].startswith("Bearer realm=")


@pytest.mark.step("R4", "R10")
@pytest.mark.requirement("RS-3")
async def test_a_retried_refresh_gives_the_same_successor(
    visitor: Visitor, somebody: SignedIn
) -> None:
    thrown_away = await visitor.successor(somebody.refresh)

    retried = [await visitor.successor(somebody.refresh) for _ in range(3)]

    assert set(retried) == {thrown_away}
    assert await visitor.successor(thrown_away)


@pytest.mark.step("R4")
@pytest.mark.requirement("RS-19", "ER-4")
async def test_a_replay_is_written_down(
    visitor: Visitor, somebody: SignedIn, operator: Operator
) -> None:
    await visitor.successor(somebody.refresh)
    await visitor.successor(somebody.refresh)

    actions = await operator.audited(_session_of(somebody))

    assert actions == [AuditAction.LOGIN_SUCCEEDED, AuditAction.REFRESH_REPLAYED]


@pytest.mark.step("R5", "R11")
async def test_an_honest_request_that_two_others_overtook_is_refused_and_harms_nobody(
    visitor: Visitor, somebody: SignedIn
) -> None:
    newest = await _rotated(visitor, somebody.refresh, 2)

    answer = await visitor.refresh(somebody.refresh)

    assert_problem(answer, 401, "refresh_token_superseded")
    assert "set-cookie" not in answer.headers
    assert await visitor.successor(newest)


@pytest.mark.step("R4", "R8")
@pytest.mark.requirement("RS-2")
async def test_after_the_grace_a_retired_token_is_theft_and_the_newest_dies_too(
    visitor: Visitor, somebody: SignedIn, deployment: Deployment
) -> None:
    newest = await visitor.successor(somebody.refresh)
    await deployment.outlast(deployment.grace + timedelta(seconds=0.5))

    assert_ended(await visitor.refresh(somebody.refresh), "reuse_detected")
    assert_ended(await visitor.refresh(newest), "reuse_detected")


@pytest.mark.step("R5", "R8")
async def test_after_the_grace_a_token_two_rotations_old_is_theft_and_the_newest_dies_too(
    visitor: Visitor, somebody: SignedIn, deployment: Deployment
) -> None:
    newest = await _rotated(visitor, somebody.refresh, 2)
    await deployment.outlast(deployment.grace + timedelta(seconds=0.5))

    assert_ended(await visitor.refresh(somebody.refresh), "reuse_detected")
    assert_ended(await visitor.refresh(newest), "reuse_detected")


@pytest.mark.step("R8")
async def test_a_token_three_rotations_old_is_theft_at_once(
    visitor: Visitor, somebody: SignedIn
) -> None:
    newest = await _rotated(visitor, somebody.refresh, 3)

    assert_ended(await visitor.refresh(somebody.refresh), "reuse_detected")
    assert_ended(await visitor.refresh(newest), "reuse_detected")


@pytest.mark.step("R8")
async def test_theft_ends_the_one_session_and_no_other(
    visitor: Visitor, somebody: SignedIn
) -> None:
    other = await visitor.sign_in(somebody.account)
    await _rotated(visitor, somebody.refresh, 3)

    await visitor.refresh(somebody.refresh)

    assert await visitor.successor(other.refresh)


@pytest.mark.step("R8")
@pytest.mark.requirement("ER-4")
async def test_theft_is_written_down(
    visitor: Visitor, somebody: SignedIn, operator: Operator
) -> None:
    await _rotated(visitor, somebody.refresh, 3)
    await visitor.refresh(somebody.refresh)

    actions = await operator.audited(_session_of(somebody))

    assert actions == [
        AuditAction.LOGIN_SUCCEEDED,
        AuditAction.REFRESH_REUSED,
        AuditAction.SESSION_ENDED,
    ]


@pytest.mark.step("R6")
async def test_a_token_one_ahead_makes_up_for_a_lost_commit(
    visitor: Visitor, somebody: SignedIn, forger: Forger, operator: Operator
) -> None:
    ahead = forger.refresh_token(somebody.refresh, ahead=1)

    successor = await visitor.successor(ahead)

    assert successor == forger.refresh_token(somebody.refresh, ahead=2)
    actions = await operator.audited(_session_of(somebody))
    assert actions[-1] is AuditAction.REFRESH_FAST_FORWARDED


@pytest.mark.step("R7")
@pytest.mark.requirement("RS-9")
@pytest.mark.parametrize("ahead", [2, 3, 1_000, 2**31 - 1, 2**31, 2**32 - 1])
async def test_a_token_further_ahead_ends_the_session(
    visitor: Visitor, somebody: SignedIn, forger: Forger, operator: Operator, ahead: int
) -> None:
    forged = forger.refresh_token(somebody.refresh, ahead=ahead)

    assert_ended(await visitor.refresh(forged), "reuse_detected")
    assert_ended(await visitor.refresh(somebody.refresh), "reuse_detected")
    assert AuditAction.REFRESH_NEVER_ISSUED in await operator.audited(_session_of(somebody))
