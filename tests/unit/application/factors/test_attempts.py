"""How often second factors may be tried."""

from datetime import timedelta
from typing import Final
from uuid import uuid4

import pytest

from latchkey.adapters.memory.throttling.throttle import MemoryThrottle
from latchkey.application.factors.attempts import FactorAttempts
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.domain.throttling.rate import Rate
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

RATE: Final = Rate(count=3, period=timedelta(minutes=15))
USER, OTHER = UserId(uuid4()), UserId(uuid4())


@pytest.fixture
def attempts(clock: FrozenClock) -> FactorAttempts:
    return FactorAttempts(throttle=MemoryThrottle(), rate=RATE, clock=clock)


async def try_times(attempts: FactorAttempts, times: int, user: UserId = USER) -> None:
    for _ in range(times):
        async with attempts.counted(user):
            pass


async def test_an_attempt_beyond_the_limit_is_refused_before_it_is_looked_at(
    attempts: FactorAttempts,
) -> None:
    await try_times(attempts, RATE.count)

    with pytest.raises(TooManyAttemptsError) as refused:
        async with attempts.counted(USER):
            pytest.fail("it was looked at")

    assert refused.value.retry_after == RATE.interval


async def test_the_attempts_of_one_account_are_not_those_of_another(
    attempts: FactorAttempts,
) -> None:
    await try_times(attempts, RATE.count)

    await try_times(attempts, RATE.count, OTHER)


async def test_a_complete_sign_in_takes_the_attempts_of_its_account_back(
    attempts: FactorAttempts,
) -> None:
    for user in (USER, OTHER):
        await try_times(attempts, RATE.count, user)

    await attempts.succeed(USER)

    await try_times(attempts, RATE.count)
    with pytest.raises(TooManyAttemptsError):
        await try_times(attempts, 1, OTHER)


async def test_an_attempt_that_could_not_be_checked_does_not_count(
    attempts: FactorAttempts,
) -> None:
    for _ in range(RATE.count + 1):
        with pytest.raises(StorageUnavailableError):
            async with attempts.counted(USER):
                raise StorageUnavailableError

    await try_times(attempts, RATE.count)


async def test_an_attempt_is_forgotten_after_its_interval(
    attempts: FactorAttempts, clock: FrozenClock
) -> None:
    await try_times(attempts, RATE.count)
    clock.move(RATE.interval)

    await try_times(attempts, 1)


async def test_without_a_rate_there_is_no_limit(clock: FrozenClock) -> None:
    attempts = FactorAttempts(throttle=MemoryThrottle(), rate=None, clock=clock)

    await try_times(attempts, RATE.count + 1)
    await attempts.succeed(USER)
