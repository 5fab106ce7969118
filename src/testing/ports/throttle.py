"""What a throttle of logins promises."""

from datetime import timedelta

import pytest

from latchkey.domain.throttling.throttle import STRANGERS_SHARE
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.admission import (
    ACCOUNT,
    ADA,
    ADDRESS,
    BOB,
    BOTH,
    BY_ACCOUNT,
    ELSEWHERE,
    HOME,
    MICROSECOND,
    MINUTE,
    OFF,
    STRANGERS,
    AdmissionSuite,
    ThrottleWith,
    admitted,
    fill,
    fill_with_strangers,
    stranger,
)
from latchkey.testing.ports.suite import AsyncSuite


class AbsolutionSuite(AsyncSuite):
    """A login that succeeds takes back what it counted, and makes its address known."""

    @pytest.mark.requirement("LG-8")
    async def test_the_owners_failures_are_forgotten_when_one_login_succeeds(
        self, throttle_with: ThrottleWith
    ) -> None:
        throttle = throttle_with(BY_ACCOUNT)
        await fill(throttle, HOME)

        await throttle.absolve(ADA, HOME, START)

        waits = [await throttle.admit(ADA, HOME, START) for _ in range(4)]
        assert waits == [None, None, None, MINUTE]

    @pytest.mark.requirement("LG-8")
    async def test_failures_elsewhere_are_not_forgotten(self, throttle_with: ThrottleWith) -> None:
        throttle = throttle_with(BOTH)
        await fill(throttle, ELSEWHERE)
        await throttle.admit(ADA, HOME, START)

        await throttle.absolve(ADA, HOME, START)

        assert await throttle.admit(ADA, ELSEWHERE, START) == MINUTE

    async def test_failures_at_other_accounts_are_not_forgotten(
        self, throttle_with: ThrottleWith
    ) -> None:
        throttle = throttle_with(BY_ACCOUNT)
        await fill(throttle, HOME)
        await throttle.admit(BOB, HOME, START)

        await throttle.absolve(BOB, HOME, START)

        assert await throttle.admit(ADA, HOME, START) == MINUTE

    async def test_logins_that_succeed_never_fill_the_count_of_their_address(
        self, throttle_with: ThrottleWith
    ) -> None:
        throttle = throttle_with(BOTH)

        for each in range(3 * ADDRESS.count):
            assert await throttle.admit(f"user-{each}", HOME, START) is None
            await throttle.absolve(f"user-{each}", HOME, START)

        waits = [await throttle.admit(f"guess-{each}", HOME, START) for each in range(9)]
        assert waits == [None] * ADDRESS.count + [ADDRESS.interval]

    async def test_a_login_that_succeeds_takes_back_no_failure_of_its_address(
        self, throttle_with: ThrottleWith
    ) -> None:
        throttle = throttle_with(BOTH)
        for each in range(ADDRESS.count - 1):
            await throttle.admit(f"user-{each}", HOME, START)
        await throttle.admit(ADA, HOME, START)

        await throttle.absolve(ADA, HOME, START)

        waits = [await throttle.admit(f"guess-{each}", HOME, START) for each in range(2)]
        assert waits == [None, ADDRESS.interval]

    async def test_logins_that_succeed_from_new_addresses_never_fill_the_count_of_strangers(
        self, throttle_with: ThrottleWith
    ) -> None:
        throttle = throttle_with(BOTH)

        for each in range(3 * STRANGERS):
            assert await throttle.admit(ADA, stranger(each), START) is None
            await throttle.absolve(ADA, stranger(each), START)

        assert await throttle.admit(ADA, ELSEWHERE, START) is None

    @pytest.mark.requirement("LG-6")
    async def test_strangers_never_lock_out_an_address_that_is_known(
        self, throttle_with: ThrottleWith
    ) -> None:
        throttle = throttle_with(BOTH)
        await throttle.absolve(ADA, HOME, START)
        await fill_with_strangers(throttle)

        waits = [await throttle.admit(ADA, HOME, START) for _ in range(4)]

        assert waits == [None, None, None, MINUTE]

    async def test_an_address_that_is_known_takes_nothing_from_strangers(
        self, throttle_with: ThrottleWith
    ) -> None:
        throttle = throttle_with(BOTH)
        await throttle.absolve(ADA, HOME, START)
        await fill(throttle, HOME)
        await throttle.absolve(ADA, HOME, START)

        strangers = [throttle.admit(ADA, stranger(each), START) for each in range(30)]

        assert await admitted(strangers) == STRANGERS

    async def test_an_address_is_known_for_the_accounts_that_logged_in_there_alone(
        self, throttle_with: ThrottleWith
    ) -> None:
        throttle = throttle_with(BOTH)
        await throttle.absolve(BOB, HOME, START)
        await fill_with_strangers(throttle)

        assert await throttle.admit(ADA, HOME, START) == ACCOUNT.interval / STRANGERS_SHARE

    async def test_an_address_stays_known(self, throttle_with: ThrottleWith) -> None:
        throttle, later = throttle_with(BOTH), START + timedelta(days=30)
        await throttle.absolve(ADA, HOME, START)
        await throttle.prune(later, limit=100)
        await fill_with_strangers(throttle, later)

        assert await throttle.admit(ADA, HOME, later) is None

    async def test_an_account_that_was_never_tried_can_be_absolved(
        self, throttle_with: ThrottleWith
    ) -> None:
        throttle = throttle_with(BOTH)

        await throttle.absolve(ADA, HOME, START)

        waits = [await throttle.admit(ADA, HOME, START) for _ in range(4)]
        assert waits == [None, None, None, MINUTE]

    async def test_a_throttle_that_is_off_can_absolve(self, throttle_with: ThrottleWith) -> None:
        throttle = throttle_with(OFF)

        await throttle.absolve(ADA, HOME, START)

        assert await throttle.admit(ADA, HOME, START) is None


class ThrottlePruneSuite(AsyncSuite):
    """Counts that say nothing any more are deleted."""

    @pytest.mark.parametrize("age", [timedelta(0), ACCOUNT.period - MICROSECOND])
    async def test_what_still_counts_is_kept(
        self, throttle_with: ThrottleWith, age: timedelta
    ) -> None:
        throttle = throttle_with(BY_ACCOUNT)
        await fill(throttle, HOME)

        await throttle.prune(START + age, limit=100)

        waits = [await throttle.admit(ADA, HOME, START + age) for _ in range(3)]
        assert waits[-1] is not None

    async def test_what_counts_no_more_is_deleted(self, throttle_with: ThrottleWith) -> None:
        throttle, later = throttle_with(BOTH), START + timedelta(days=1)
        await fill(throttle, HOME)

        first = await throttle.prune(later, limit=100)
        second = await throttle.prune(later, limit=100)

        assert first > 0
        assert second == 0

    async def test_at_most_so_many_counts_are_deleted(self, throttle_with: ThrottleWith) -> None:
        throttle, later = throttle_with(BOTH), START + timedelta(days=1)
        for each in range(4):
            await throttle.admit(f"user-{each}", stranger(each), START)

        first = await throttle.prune(later, limit=3)
        rest = await throttle.prune(later, limit=100)

        assert first == 3
        assert rest >= 1


class LoginThrottleSuite(AdmissionSuite, AbsolutionSuite, ThrottlePruneSuite):
    """All that a throttle of logins promises. Asks for the fixture `throttle_with`."""
