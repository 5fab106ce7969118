"""Trading a refresh token for the next one."""

import asyncio
from datetime import datetime, timedelta

import pytest

from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.memory.sessions.sessions import MemorySessionRepository
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.authentication import Means
from latchkey.domain.sessions.access_token import AccessToken, Principal
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import (
    RefreshTokenSupersededError,
    SessionEndedError,
)
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import Session, UserSession
from latchkey.testing.factories import SOURCE
from unit.application.service import GRACE, HOUR, POLICY, Service

pytestmark = pytest.mark.anyio


async def test_the_current_token_is_traded_for_the_next(service: Service) -> None:
    token = await service.first_token()
    service.clock.move(HOUR)

    pair = await service.refreshed(token)

    assert service.decoded(pair.refresh) == service.decoded(token).with_generation(1)
    assert pair.refresh_expires_in == POLICY.idle
    session = (await service.session_of(token)).session
    assert (session.generation, session.rotated_at) == (1, service.clock.now())


@pytest.mark.parametrize("means", Means)
async def test_every_token_of_a_session_has_the_level_of_its_sign_in(
    service: Service, means: Means
) -> None:
    user, now = await service.added_user(), service.clock.now()
    token = RefreshToken.first(now, POLICY.absolute, means)
    await service.storage.sessions.add(Session.begin(token, user.id, now), password_version=1)

    first = await service.refreshed(service.codec.encode(token))
    second = await service.refreshed(first.refresh)
    replayed = await service.refreshed(first.refresh)

    pairs = (first, second, replayed)
    assert [service.decoded(pair.refresh).means for pair in pairs] == [means] * 3
    assert [service.principal_of(pair).means for pair in pairs] == [means] * 3


async def test_a_rotation_is_nothing_to_note(service: Service) -> None:
    await service.tokens_after(rotations=3)

    assert await service.actions() == [AuditAction.LOGIN_SUCCEEDED]


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


async def test_tokens_of_requests_at_once_are_signed_in_a_row(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened, waiting, are_all = list[str](), list[RefreshToken](), asyncio.Event()
    rotate, issue = MemorySessionRepository.rotate, JwtTokenService.issue

    async def rotate_together(
        sessions: MemorySessionRepository,
        presented: RefreshToken,
        *,
        current: int,
        now: datetime,
        idle: timedelta,
    ) -> UserSession | None:
        found = await rotate(sessions, presented, current=current, now=now, idle=idle)
        waiting.append(presented)
        if len(waiting) == len(tokens):
            asyncio.get_running_loop().call_soon(are_all.set)
        await are_all.wait()
        happened.append("read")
        return found

    def issue_and_note(tokens: JwtTokenService, principal: Principal, now: datetime) -> AccessToken:
        happened.append("signed")
        return issue(tokens, principal, now)

    async def refresh(token: str) -> None:
        await service.refreshed(token)
        happened.append("answered")

    tokens = [await service.first_token() for _ in range(3)]
    monkeypatch.setattr(MemorySessionRepository, "rotate", rotate_together)
    monkeypatch.setattr(JwtTokenService, "issue", issue_and_note)
    await asyncio.gather(*map(refresh, tokens))

    assert happened == ["read"] * 3 + ["signed"] * 3 + ["answered"] * 3


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


async def test_a_session_that_was_pruned_has_expired(service: Service) -> None:
    token = await service.first_token()
    await service.storage.sessions.prune(service.clock.now() + HOUR, limit=1)

    with pytest.raises(SessionEndedError) as refusal:
        await service.refreshed(token)

    assert refusal.value.reason is EndReason.EXPIRED
