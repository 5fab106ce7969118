"""What an old token, and one ahead of its session, do to the session."""

import asyncio

import pytest

from latchkey.adapters.memory.sessions.takeovers import MemoryTakeovers
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import (
    RefreshTokenNeverIssuedError,
    RefreshTokenReusedError,
    SessionEndedError,
)
from latchkey.domain.sessions.judge import MOST_LOST
from unit.application.service import HOUR, Service

pytestmark = pytest.mark.anyio


async def take_over(service: Service) -> None:
    """Have another copy of the storage take over from one that was seen to serve, an hour later."""
    takeovers = service.storage.takeovers
    assert isinstance(takeovers, MemoryTakeovers)
    await takeovers.latest(service.clock.now())
    service.clock.move(HOUR)
    takeovers.copy += 1


async def test_a_reuse_is_noted_with_its_generation_and_the_end_of_the_session(
    service: Service,
) -> None:
    tokens = await service.tokens_after(rotations=4)

    with pytest.raises(SessionEndedError):
        await service.refreshed(tokens[1])

    (reused,) = await service.events(AuditAction.REFRESH_REUSED)
    (ended,) = await service.events(AuditAction.SESSION_ENDED)
    session = (await service.session_of(tokens[0])).session
    assert reused.detail == {"generation": "1"}
    assert ended.detail == {"reason": "reuse_detected"}
    assert {reused.session_id, ended.session_id} == {session.id}
    assert ended.user_id == session.user_id


async def test_many_reuses_at_once_end_the_session_once(service: Service) -> None:
    tokens = await service.tokens_after(rotations=4)

    outcomes = await asyncio.gather(
        *(service.refreshed(tokens[0]) for _ in range(9)), return_exceptions=True
    )

    assert {type(outcome) for outcome in outcomes} == {RefreshTokenReusedError}
    assert len(await service.events(AuditAction.SESSION_ENDED)) == 1


async def test_a_token_one_ahead_makes_up_for_a_lost_commit(service: Service) -> None:
    token = await service.first_token()
    ahead = service.with_generation(token, 1)

    pair = await service.refreshed(ahead)

    assert service.decoded(pair.refresh).generation == 2
    (noted,) = await service.events(AuditAction.REFRESH_FAST_FORWARDED)
    assert noted.detail == {"generation": "1"}
    assert await service.end_reason_of(token) is None


async def test_many_tokens_one_ahead_at_once_get_one_and_the_same_successor(
    service: Service,
) -> None:
    ahead = service.with_generation(await service.first_token(), 1)

    pairs = await asyncio.gather(*(service.refreshed(ahead) for _ in range(9)))

    assert {service.decoded(pair.refresh).generation for pair in pairs} == {2}
    assert len(await service.events(AuditAction.REFRESH_FAST_FORWARDED)) == 1


@pytest.mark.requirement("RS-9")
async def test_a_token_further_ahead_ends_the_session_and_raises_the_alarm(
    service: Service,
) -> None:
    token = await service.first_token()

    with pytest.raises(RefreshTokenNeverIssuedError) as refusal:
        await service.refreshed(service.with_generation(token, 2))

    (forged,) = await service.events(AuditAction.REFRESH_NEVER_ISSUED)
    assert refusal.value.reason is EndReason.REUSE_DETECTED
    assert forged.detail == {"generation": "2"}
    assert await service.end_reason_of(token) is EndReason.REUSE_DETECTED
    assert len(await service.events(AuditAction.SESSION_ENDED)) == 1


@pytest.mark.parametrize("lost", [2, MOST_LOST])
async def test_rotations_that_were_lost_in_a_takeover_are_made_up_for(
    service: Service, lost: int
) -> None:
    token = await service.first_token()
    await take_over(service)

    pair = await service.refreshed(service.with_generation(token, lost))

    assert service.decoded(pair.refresh).generation == lost + 1
    (noted,) = await service.events(AuditAction.REFRESH_FAST_FORWARDED)
    assert noted.detail == {"generation": str(lost)}
    assert await service.events(AuditAction.REFRESH_NEVER_ISSUED) == ()


async def test_all_tabs_make_up_for_lost_rotations_together(service: Service) -> None:
    ahead = service.with_generation(await service.first_token(), 5)
    await take_over(service)

    pairs = await asyncio.gather(*(service.refreshed(ahead) for _ in range(9)))

    assert {service.decoded(pair.refresh).generation for pair in pairs} == {6}
    assert len(await service.events(AuditAction.REFRESH_FAST_FORWARDED)) == 1


async def test_a_takeover_is_made_up_for_once(service: Service) -> None:
    token = await service.first_token()
    await take_over(service)
    await service.refreshed(service.with_generation(token, 5))

    with pytest.raises(RefreshTokenNeverIssuedError):
        await service.refreshed(service.with_generation(token, 8))

    assert await service.end_reason_of(token) is EndReason.REUSE_DETECTED
