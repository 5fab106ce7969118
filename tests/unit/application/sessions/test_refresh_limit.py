"""How often a session may be refreshed."""

from datetime import timedelta
from typing import Final

import pytest

from latchkey.application.sessions.refresh_limit import RefreshLimit
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.sessions.errors import RefreshTokenInvalidError
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.domain.throttling.rate import Rate
from latchkey.testing.frozen_clock import START
from unit.application.service import MICROSECOND, REFRESH_LIMIT, Service

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("RS-16")]

ONE_A_MINUTE: Final = Rate(count=1, period=timedelta(minutes=1))
ONE, OTHER, THIRD = (SessionId(new_id(START)) for _ in range(3))


def allows(limit: RefreshLimit, session_id: SessionId) -> bool:
    """Count a refresh at the start; tell whether it may go on."""
    try:
        limit.count(session_id, START)
    except TooManyAttemptsError:
        return False
    return True


async def refresh_fully(service: Service) -> str:
    """Log in somebody and replay the first token as often as may be."""
    token = await service.first_token()
    for _ in range(REFRESH_LIMIT.count):
        await service.refreshed(token)
    return token


async def test_whoever_refreshes_too_often_is_told_how_long_to_wait(service: Service) -> None:
    token = await refresh_fully(service)

    with pytest.raises(TooManyAttemptsError) as refusal:
        await service.refreshed(token)

    assert refusal.value.retry_after == timedelta(seconds=0.5)


async def test_after_the_wait_one_refresh_more_is_done(service: Service) -> None:
    token = await refresh_fully(service)

    service.clock.move(REFRESH_LIMIT.interval)
    await service.refreshed(token)

    with pytest.raises(TooManyAttemptsError):
        await service.refreshed(token)


async def test_a_refused_replay_is_not_noted(service: Service) -> None:
    token = await refresh_fully(service)
    noted = len(await service.events(AuditAction.REFRESH_REPLAYED))

    for _ in range(9):
        with pytest.raises(TooManyAttemptsError):
            await service.refreshed(token)

    assert len(await service.events(AuditAction.REFRESH_REPLAYED)) == noted


@pytest.mark.parametrize("generation", [0, 1, 2, 9])
async def test_a_refused_token_changes_nothing_whatever_it_means(
    service: Service, generation: int
) -> None:
    token = await refresh_fully(service)
    before = await service.session_of(token)

    with pytest.raises(TooManyAttemptsError):
        await service.refreshed(service.with_generation(token, generation))

    assert await service.session_of(token) == before


async def test_what_the_service_did_not_make_counts_for_nothing(service: Service) -> None:
    token = await service.first_token()
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")

    for _ in range(REFRESH_LIMIT.count + 1):
        with pytest.raises(RefreshTokenInvalidError):
            await service.refreshed(forged)

    assert (await service.refreshed(token)).refresh != token


def test_each_session_is_counted_by_itself() -> None:
    limit = RefreshLimit(ONE_A_MINUTE)

    assert [allows(limit, ONE), allows(limit, OTHER)] == [True, True]
    assert [allows(limit, ONE), allows(limit, OTHER)] == [False, False]


def test_what_is_refused_does_not_prolong_the_wait() -> None:
    limit = RefreshLimit(ONE_A_MINUTE)
    assert [allows(limit, ONE) for _ in range(5)] == [True, *[False] * 4]

    limit.count(ONE, START + ONE_A_MINUTE.period)

    with pytest.raises(TooManyAttemptsError):
        limit.count(ONE, START + 2 * ONE_A_MINUTE.period - MICROSECOND)


def test_the_session_that_was_quiet_for_longest_is_forgotten_for_a_new_one() -> None:
    limit = RefreshLimit(ONE_A_MINUTE, sessions=2)
    for session_id in (ONE, OTHER, THIRD):
        limit.count(session_id, START)

    assert [allows(limit, THIRD), allows(limit, OTHER)] == [False, False]
    assert allows(limit, ONE)


def test_a_session_that_keeps_asking_is_not_forgotten() -> None:
    limit = RefreshLimit(ONE_A_MINUTE, sessions=2)
    limit.count(ONE, START)

    for session_id in (SessionId(new_id(START)) for _ in range(9)):
        assert not allows(limit, ONE)
        limit.count(session_id, START)


def test_of_any_number_of_sessions_only_so_many_take_room() -> None:
    limit = RefreshLimit(ONE_A_MINUTE)
    sessions = [SessionId(new_id(START)) for _ in range(10_001)]

    for session_id in sessions:
        limit.count(session_id, START)

    assert allows(limit, sessions[0])
    assert not allows(limit, sessions[-1])


def test_a_limit_that_is_off_allows_everything() -> None:
    limit = RefreshLimit(None)

    assert all(allows(limit, ONE) for _ in range(1_000))
