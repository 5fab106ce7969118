"""What a refresh does when its statement and its judgement see different sessions."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from latchkey.adapters.memory.sessions.sessions import MemorySessionRepository
from latchkey.adapters.memory.tables import CommittedTables
from latchkey.application.sessions.refresh import ROUNDS, RefreshCommand
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import SessionEndedError
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import SessionRepository, UserSession
from latchkey.domain.sessions.session_id import SessionId
from latchkey.testing.factories import SOURCE
from unit.application.service import Service

pytestmark = pytest.mark.anyio


async def nothing() -> None:
    """Do nothing."""


class Races(MemorySessionRepository):
    """Sessions that somebody else is at, just before or just after a rotation is tried.

    Attributes:
        tried: How many rotations were tried.
    """

    def __init__(self, sessions: SessionRepository, lost: int = 0) -> None:
        super().__init__(CommittedTables())
        self._sessions = sessions
        self._lost = lost
        self.tried = 0
        self.before: Callable[[], Awaitable[object]] = nothing

    @override
    async def rotate(
        self, presented: RefreshToken, *, current: int, now: datetime, idle: timedelta
    ) -> UserSession | None:
        self.tried += 1
        before, self.before = self.before, nothing
        await before()
        if self.tried <= self._lost:
            return None
        return await self._sessions.rotate(presented, current=current, now=now, idle=idle)

    @override
    async def find(self, session_id: SessionId) -> UserSession | None:
        return await self._sessions.find(session_id)


def command(service: Service, token: str) -> RefreshCommand:
    return RefreshCommand(presented=service.decoded(token), source=SOURCE)


@pytest.mark.parametrize("lost", range(1, ROUNDS))
async def test_whoever_loses_a_round_tries_again(service: Service, lost: int) -> None:
    token = (await service.logged_in()).tokens.refresh
    races = Races(service.storage.sessions, lost=lost)
    refresh = replace(service.refresh, sessions=races)

    pair = await refresh(command(service, token))

    assert service.decoded(pair.refresh).generation == 1
    assert races.tried == lost + 1


@pytest.mark.parametrize("ahead", [0, 1])
async def test_whoever_loses_every_round_is_asked_to_come_again(
    service: Service, ahead: int
) -> None:
    token = (await service.logged_in()).tokens.refresh
    refresh = replace(service.refresh, sessions=Races(service.storage.sessions, lost=99))

    with pytest.raises(StorageUnavailableError) as refusal:
        await refresh(command(service, service.with_generation(token, ahead)))

    assert refusal.value.retry_after > timedelta(0)
    assert (await service.session_of(token)).session.end_reason is None


async def test_no_more_than_three_rounds_are_tried(service: Service) -> None:
    token = (await service.logged_in()).tokens.refresh
    races = Races(service.storage.sessions, lost=99)
    refresh = replace(service.refresh, sessions=races)

    with pytest.raises(StorageUnavailableError):
        await refresh(command(service, token))

    assert races.tried == 3


async def test_whoever_is_overtaken_by_a_twin_gets_what_the_twin_got(service: Service) -> None:
    token = (await service.logged_in()).tokens.refresh
    races = Races(service.storage.sessions)
    races.before = lambda: service.refreshed(token)
    refresh = replace(service.refresh, sessions=races)

    pair = await refresh(command(service, token))

    assert pair.refresh == service.with_generation(token, 1)
    assert len(await service.events(AuditAction.REFRESH_REPLAYED)) == 1


async def test_whoever_is_overtaken_by_a_logout_is_logged_out(service: Service) -> None:
    token = (await service.logged_in()).tokens.refresh
    races = Races(service.storage.sessions)
    races.before = lambda: service.logged_out(token)
    refresh = replace(service.refresh, sessions=races)

    with pytest.raises(SessionEndedError) as refusal:
        await refresh(command(service, token))

    assert refusal.value.reason is EndReason.LOGGED_OUT
