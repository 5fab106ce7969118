"""Trading a refresh token for the next one."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import (
    RefreshTokenInvalidError,
    RefreshTokenSupersededError,
    SessionEndedError,
)
from latchkey.testing.factories import SOURCE
from unit.application.service import GRACE, HOUR, MICROSECOND, POLICY, Service

pytestmark = pytest.mark.anyio


async def test_the_current_token_is_traded_for_the_next(service: Service) -> None:
    token = await service.first_token()
    service.clock.move(HOUR)

    pair = await service.refreshed(token)

    assert service.decoded(pair.refresh) == service.decoded(token).with_generation(1)
    assert pair.refresh_expires_in == POLICY.idle
    session = (await service.session_of(token)).session
    assert (session.generation, session.rotated_at) == (1, service.clock.now())


async def test_a_rotation_is_nothing_to_note(service: Service) -> None:
    await service.tokens_after(rotations=3)

    assert await service.actions() == [AuditAction.LOGIN_SUCCEEDED]


async def test_the_access_token_brings_the_role_of_today(service: Service) -> None:
    logged_in = await service.logged_in()
    await service.set_role(logged_in.user.id, Role.ADMIN, SOURCE)

    pair = await service.refreshed(logged_in.tokens.refresh)

    before, after = service.principal_of(logged_in.tokens), service.principal_of(pair)
    assert after == replace(before, role=Role.ADMIN)


async def test_a_session_never_lasts_beyond_its_absolute_expiry(service: Service) -> None:
    tokens = await service.tokens_after(rotations=5, pause=timedelta(days=5))
    service.clock.move(timedelta(days=4))

    pair = await service.refreshed(tokens[-1])

    expires_at = service.decoded(pair.refresh).expires_at
    assert pair.refresh_expires_in == expires_at - service.clock.now() < timedelta(days=1)


@pytest.mark.parametrize("age", [timedelta(0), MICROSECOND, GRACE])
async def test_a_replay_within_the_grace_gives_the_same_successor(
    service: Service, age: timedelta
) -> None:
    token = await service.first_token()
    successor = (await service.refreshed(token)).refresh
    service.clock.move(age)

    replayed = await service.refreshed(token)

    assert replayed.refresh == successor
    assert (await service.session_of(token)).session.generation == 1
    assert await service.actions() == [AuditAction.LOGIN_SUCCEEDED, AuditAction.REFRESH_REPLAYED]


@pytest.mark.requirement("RS-3")
async def test_a_replay_never_prolongs_the_grace(service: Service) -> None:
    token = await service.first_token()
    await service.refreshed(token)
    service.clock.move(GRACE)
    await service.refreshed(token)
    service.clock.move(MICROSECOND)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(token)

    assert refusal.value.reason is EndReason.REUSE_DETECTED


@pytest.mark.requirement("RS-19")
async def test_a_replay_is_noted_with_where_it_came_from(service: Service) -> None:
    token = await service.first_token()
    await service.refreshed(token)

    await service.refreshed(token)

    (replayed,) = await service.events(AuditAction.REFRESH_REPLAYED)
    assert (replayed.source, replayed.at) == (SOURCE, service.clock.now())
    assert replayed.session_id == service.decoded(token).session_id


async def test_a_replay_brings_a_fresh_access_token(service: Service) -> None:
    token = await service.first_token()
    first = await service.refreshed(token)
    service.clock.move(GRACE)

    replayed = await service.refreshed(token)

    assert replayed.access.encoded != first.access.encoded
    assert service.principal_of(replayed) == service.principal_of(first)


async def test_many_refreshes_at_once_get_one_and_the_same_successor(service: Service) -> None:
    token = await service.first_token()

    pairs = await asyncio.gather(*(service.refreshed(token) for _ in range(20)))

    assert len({pair.refresh for pair in pairs}) == 1
    assert (await service.session_of(token)).session.generation == 1
    assert len(await service.events(AuditAction.REFRESH_REPLAYED)) == 19


async def test_an_honest_token_two_rotations_late_is_refused_and_its_session_kept(
    service: Service,
) -> None:
    token = await service.first_token()
    second = (await service.refreshed(token)).refresh
    third = (await service.refreshed(second)).refresh
    service.clock.move(GRACE)

    with pytest.raises(RefreshTokenSupersededError):
        await service.refreshed(token)

    assert await service.end_reason_of(token) is None
    assert await service.actions() == [
        AuditAction.LOGIN_SUCCEEDED,
        AuditAction.REFRESH_SUPERSEDED,
    ]
    assert service.decoded((await service.refreshed(third)).refresh).generation == 3


@pytest.mark.parametrize("text", ["", "x", "A" * 100, "A" * 9999, "\ud800", "é" * 100])
async def test_a_token_that_the_service_did_not_make_is_refused(
    service: Service, text: str
) -> None:
    with pytest.raises(RefreshTokenInvalidError):
        await service.refreshed(text)


async def test_a_token_past_its_absolute_expiry_is_refused(service: Service) -> None:
    token = await service.first_token()
    service.clock.move(POLICY.absolute)

    with pytest.raises(RefreshTokenInvalidError):
        await service.refreshed(token)


async def test_a_session_that_was_idle_too_long_has_expired(service: Service) -> None:
    token = await service.first_token()
    service.clock.move(POLICY.idle)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(token)

    assert refusal.value.reason is EndReason.EXPIRED


async def test_a_session_that_was_pruned_has_expired(service: Service) -> None:
    token = await service.first_token()
    await service.storage.sessions.prune(service.clock.now() + HOUR, limit=1)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(token)

    assert refusal.value.reason is EndReason.EXPIRED


async def test_a_token_that_does_not_know_the_secret_learns_and_ends_nothing(
    service: Service,
) -> None:
    token = await service.first_token()

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(service.with_secret(token, bytes(16)))

    assert refusal.value.reason is EndReason.EXPIRED
    assert await service.end_reason_of(token) is None


async def test_a_session_that_was_logged_out_says_so(service: Service) -> None:
    token = await service.first_token()
    await service.logged_out(token)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(token)

    assert refusal.value.reason is EndReason.LOGGED_OUT


async def test_the_session_of_a_disabled_user_says_so(service: Service) -> None:
    logged_in = await service.logged_in()
    await service.disable_user(logged_in.user.id, SOURCE)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(logged_in.tokens.refresh)

    assert refusal.value.reason is EndReason.USER_DISABLED


async def test_no_grace_means_that_each_token_counts_once(service: Service) -> None:
    service.policy = replace(POLICY, grace=timedelta(0))
    token = await service.first_token()
    await service.refreshed(token)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(token)

    assert refusal.value.reason is EndReason.REUSE_DETECTED
