"""Trading a refresh token for the next one."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.audit import AuditAction
from domain.errors import (
    EndReason,
    RefreshTokenForgedError,
    RefreshTokenInvalidError,
    RefreshTokenSupersededError,
    SessionEndedError,
)
from domain.user import Role
from factories import CALLER
from unit.application.service import GRACE, MICROSECOND, POLICY, Service

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


async def first_token(service: Service) -> str:
    return (await service.logged_in()).tokens.refresh


async def tokens_after(service: Service, rotations: int, pause: timedelta = HOUR) -> list[str]:
    """Log in and refresh so many times; give all tokens, the current one last."""
    tokens = [await first_token(service)]
    for _ in range(rotations):
        service.clock.move(pause)
        tokens.append((await service.refreshed(tokens[-1])).refresh)
    return tokens


async def reason_of(service: Service, token: str) -> EndReason | None:
    return (await service.session_of(token)).session.end_reason


async def test_the_current_token_is_traded_for_the_next(service: Service) -> None:
    token = await first_token(service)
    service.clock.move(HOUR)

    pair = await service.refreshed(token)

    assert service.decoded(pair.refresh) == service.decoded(token).with_generation(1)
    assert pair.refresh_expires_in == POLICY.idle
    session = (await service.session_of(token)).session
    assert (session.generation, session.rotated_at) == (1, service.clock.now())


async def test_a_rotation_is_nothing_to_note(service: Service) -> None:
    await tokens_after(service, rotations=3)

    assert await service.actions() == [AuditAction.LOGIN_SUCCEEDED]


async def test_the_access_token_brings_the_role_of_today(service: Service) -> None:
    logged_in = await service.logged_in()
    await service.change_role(logged_in.user.id, Role.ADMIN, CALLER)

    pair = await service.refreshed(logged_in.tokens.refresh)

    before, after = service.principal_of(logged_in.tokens), service.principal_of(pair)
    assert after == replace(before, role=Role.ADMIN)


async def test_a_session_never_lasts_beyond_its_absolute_expiry(service: Service) -> None:
    tokens = await tokens_after(service, rotations=5, pause=timedelta(days=5))
    service.clock.move(timedelta(days=4))

    pair = await service.refreshed(tokens[-1])

    expires_at = service.decoded(pair.refresh).expires_at
    assert pair.refresh_expires_in == expires_at - service.clock.now() < timedelta(days=1)


@pytest.mark.parametrize("age", [timedelta(0), MICROSECOND, GRACE])
async def test_a_replay_within_the_grace_gives_the_same_successor(
    service: Service, age: timedelta
) -> None:
    token = await first_token(service)
    successor = (await service.refreshed(token)).refresh
    service.clock.move(age)

    replayed = await service.refreshed(token)

    assert replayed.refresh == successor
    assert (await service.session_of(token)).session.generation == 1
    assert await service.actions() == [AuditAction.LOGIN_SUCCEEDED, AuditAction.REFRESH_REPLAYED]


async def test_a_replay_never_prolongs_the_grace(service: Service) -> None:
    token = await first_token(service)
    await service.refreshed(token)
    service.clock.move(GRACE)
    await service.refreshed(token)
    service.clock.move(MICROSECOND)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(token)

    assert refusal.value.reason is EndReason.REUSE_DETECTED


async def test_a_replay_brings_a_fresh_access_token(service: Service) -> None:
    token = await first_token(service)
    first = await service.refreshed(token)
    service.clock.move(GRACE)

    replayed = await service.refreshed(token)

    assert replayed.access.encoded != first.access.encoded
    assert service.principal_of(replayed) == service.principal_of(first)


async def test_many_refreshes_at_once_get_one_and_the_same_successor(service: Service) -> None:
    token = await first_token(service)

    pairs = await asyncio.gather(*(service.refreshed(token) for _ in range(20)))

    assert len({pair.refresh for pair in pairs}) == 1
    assert (await service.session_of(token)).session.generation == 1
    assert len(await service.events(AuditAction.REFRESH_REPLAYED)) == 19


async def test_an_honest_token_two_rotations_late_is_refused_and_its_session_kept(
    service: Service,
) -> None:
    token = await first_token(service)
    second = (await service.refreshed(token)).refresh
    third = (await service.refreshed(second)).refresh
    service.clock.move(GRACE)

    with pytest.raises(RefreshTokenSupersededError):
        await service.refreshed(token)

    assert await reason_of(service, token) is None
    assert await service.actions() == [
        AuditAction.LOGIN_SUCCEEDED,
        AuditAction.REFRESH_SUPERSEDED,
    ]
    assert service.decoded((await service.refreshed(third)).refresh).generation == 3


@pytest.mark.parametrize("late_by", [1, 2, 3, 4])
async def test_an_old_token_ends_the_session_for_everybody(service: Service, late_by: int) -> None:
    tokens = await tokens_after(service, rotations=4)
    service.clock.move(GRACE + MICROSECOND)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(tokens[-1 - late_by])

    assert refusal.value.reason is EndReason.REUSE_DETECTED
    assert await reason_of(service, tokens[0]) is EndReason.REUSE_DETECTED
    with pytest.raises(SessionEndedError):
        await service.refreshed(tokens[-1])


async def test_a_reuse_is_noted_with_its_generation_and_the_end_of_the_session(
    service: Service,
) -> None:
    tokens = await tokens_after(service, rotations=4)

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
    tokens = await tokens_after(service, rotations=4)

    outcomes = await asyncio.gather(
        *(service.refreshed(tokens[0]) for _ in range(9)), return_exceptions=True
    )

    assert {type(outcome) for outcome in outcomes} == {SessionEndedError}
    assert len(await service.events(AuditAction.SESSION_ENDED)) == 1


async def test_a_token_one_ahead_makes_up_for_a_lost_commit(service: Service) -> None:
    token = await first_token(service)
    ahead = service.with_generation(token, 1)

    pair = await service.refreshed(ahead)

    assert service.decoded(pair.refresh).generation == 2
    (noted,) = await service.events(AuditAction.REFRESH_FAST_FORWARDED)
    assert noted.detail == {"generation": "1"}
    assert await reason_of(service, token) is None


async def test_many_tokens_one_ahead_at_once_get_one_and_the_same_successor(
    service: Service,
) -> None:
    ahead = service.with_generation(await first_token(service), 1)

    pairs = await asyncio.gather(*(service.refreshed(ahead) for _ in range(9)))

    assert {service.decoded(pair.refresh).generation for pair in pairs} == {2}
    assert len(await service.events(AuditAction.REFRESH_FAST_FORWARDED)) == 1


@pytest.mark.parametrize("ahead", [2, 3, 2**31, 2**32 - 1])
async def test_a_token_further_ahead_ends_the_session_and_raises_the_alarm(
    service: Service, ahead: int
) -> None:
    token = await first_token(service)

    with pytest.raises(RefreshTokenForgedError) as refusal:
        await service.refreshed(service.with_generation(token, ahead))

    (forged,) = await service.events(AuditAction.REFRESH_FORGED)
    assert refusal.value.reason is EndReason.REUSE_DETECTED
    assert forged.detail == {"generation": str(ahead)}
    assert await reason_of(service, token) is EndReason.REUSE_DETECTED
    assert len(await service.events(AuditAction.SESSION_ENDED)) == 1


@pytest.mark.parametrize("text", ["", "x", "A" * 100, "A" * 9999, "\ud800", "é" * 100])
async def test_a_token_that_the_service_did_not_make_is_refused(
    service: Service, text: str
) -> None:
    with pytest.raises(RefreshTokenInvalidError):
        await service.refreshed(text)


async def test_a_token_past_its_absolute_expiry_is_refused(service: Service) -> None:
    token = await first_token(service)
    service.clock.move(POLICY.absolute)

    with pytest.raises(RefreshTokenInvalidError):
        await service.refreshed(token)


async def test_a_session_that_was_idle_too_long_has_expired(service: Service) -> None:
    token = await first_token(service)
    service.clock.move(POLICY.idle)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(token)

    assert refusal.value.reason is EndReason.EXPIRED


async def test_a_session_that_was_pruned_has_expired(service: Service) -> None:
    token = await first_token(service)
    await service.storage.sessions.prune(service.clock.now() + HOUR, limit=1)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(token)

    assert refusal.value.reason is EndReason.EXPIRED


async def test_a_token_that_does_not_know_the_secret_learns_and_ends_nothing(
    service: Service,
) -> None:
    token = await first_token(service)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(service.with_secret(token, bytes(16)))

    assert refusal.value.reason is EndReason.EXPIRED
    assert await reason_of(service, token) is None


async def test_a_session_that_was_logged_out_says_so(service: Service) -> None:
    token = await first_token(service)
    await service.logged_out(token)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(token)

    assert refusal.value.reason is EndReason.LOGGED_OUT


async def test_the_session_of_a_disabled_user_says_so(service: Service) -> None:
    logged_in = await service.logged_in()
    await service.disable_user(logged_in.user.id, CALLER)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(logged_in.tokens.refresh)

    assert refusal.value.reason is EndReason.USER_DISABLED


async def test_no_grace_means_that_each_token_counts_once(service: Service) -> None:
    service.policy = replace(POLICY, grace=timedelta(0))
    token = await first_token(service)
    await service.refreshed(token)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(token)

    assert refusal.value.reason is EndReason.REUSE_DETECTED
