"""Logging out."""

import asyncio

import pytest

from latchkey.domain.audit.event import AuditAction, AuditEvent
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.testing.factories import SOURCE
from unit.application.service import POLICY, Service

pytestmark = pytest.mark.anyio


async def test_a_logout_is_noted(service: Service) -> None:
    logged_in = await service.logged_in()

    await service.logged_out(logged_in.tokens.refresh)

    (event,) = await service.events(AuditAction.SESSION_ENDED)
    assert event == AuditEvent(
        id=event.id,
        at=service.clock.now(),
        action=AuditAction.SESSION_ENDED,
        source=SOURCE,
        user_id=logged_in.user.id,
        session_id=service.decoded(logged_in.tokens.refresh).session_id,
        detail={"reason": "logged_out"},
    )


@pytest.mark.parametrize("token", ["", "x", "A" * 100, "\ud800"])
async def test_without_a_token_of_ours_there_is_nothing_to_end(
    service: Service, token: str
) -> None:
    await service.logged_out(token)

    assert await service.events() == ()


async def test_a_dead_session_can_be_logged_out_again_and_stays_as_it_is(service: Service) -> None:
    logged_in = await service.logged_in()
    await service.changed(logged_in.user, disabled=True)

    await service.logged_out(logged_in.tokens.refresh)

    session = (await service.session_of(logged_in.tokens.refresh)).session
    assert session.end_reason is EndReason.USER_DISABLED
    assert len(await service.events(AuditAction.SESSION_ENDED)) == 1


async def test_a_token_past_its_absolute_expiry_has_nothing_to_end(service: Service) -> None:
    token = (await service.logged_in()).tokens.refresh
    service.clock.move(POLICY.absolute)

    await service.logged_out(token)

    assert await service.events(AuditAction.SESSION_ENDED) == ()


async def test_many_logouts_at_once_are_noted_once(service: Service) -> None:
    token = (await service.logged_in()).tokens.refresh

    await asyncio.gather(*(service.logged_out(token) for _ in range(9)))

    assert len(await service.events(AuditAction.SESSION_ENDED)) == 1
