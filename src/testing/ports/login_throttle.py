"""What the throttle of logins promises about successful logins."""

from datetime import timedelta

import pytest

from latchkey.application.sign_in.login_throttle import KNOWN_FOR, STRANGERS_SHARE
from latchkey.domain.storage import Storage
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.login_hits import (
    ACCOUNT,
    ADA,
    ADDRESS,
    BOB,
    BOTH,
    BY_ACCOUNT,
    ELSEWHERE,
    HOME,
    OFF,
    STRANGERS,
    LoginHitSuite,
    fill,
    fill_with_strangers,
    login_throttle,
    stranger,
)
from latchkey.testing.ports.suite import AsyncSuite
from latchkey.testing.ports.throttle_hits import MINUTE, passed


class LoginClearSuite(AsyncSuite):
    """A successful login takes back the attempts that it counted, and its address becomes known."""

    @pytest.mark.requirement("LG-8")
    async def test_the_owners_failures_are_forgotten_when_one_login_succeeds(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BY_ACCOUNT)
        await fill(throttle, HOME)

        await throttle.clear(ADA, HOME, START)

        waits = [await throttle.hit(ADA, HOME, START) for _ in range(4)]
        assert waits == [None, None, None, MINUTE]

    @pytest.mark.requirement("LG-8")
    async def test_failures_elsewhere_are_not_forgotten(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)
        await fill(throttle, ELSEWHERE)
        await throttle.hit(ADA, HOME, START)

        await throttle.clear(ADA, HOME, START)

        assert await throttle.hit(ADA, ELSEWHERE, START) == MINUTE

    async def test_failures_at_other_accounts_are_not_forgotten(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BY_ACCOUNT)
        await fill(throttle, HOME)
        await throttle.hit(BOB, HOME, START)

        await throttle.clear(BOB, HOME, START)

        assert await throttle.hit(ADA, HOME, START) == MINUTE

    async def test_logins_that_succeed_never_fill_the_count_of_their_address(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)

        for each in range(3 * ADDRESS.count):
            assert await throttle.hit(f"user-{each}", HOME, START) is None
            await throttle.clear(f"user-{each}", HOME, START)

        waits = [await throttle.hit(f"guess-{each}", HOME, START) for each in range(9)]
        assert waits == [None] * ADDRESS.count + [ADDRESS.interval]

    async def test_a_login_that_succeeds_takes_back_no_failure_of_its_address(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)
        for each in range(ADDRESS.count - 1):
            await throttle.hit(f"user-{each}", HOME, START)
        await throttle.hit(ADA, HOME, START)

        await throttle.clear(ADA, HOME, START)

        waits = [await throttle.hit(f"guess-{each}", HOME, START) for each in range(2)]
        assert waits == [None, ADDRESS.interval]

    @pytest.mark.requirement("LG-8")
    async def test_a_login_that_succeeds_takes_back_no_failure_of_strangers(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)
        for each in range(STRANGERS - 1):
            await throttle.hit(ADA, stranger(each), START)
        await throttle.hit(ADA, HOME, START)

        await throttle.clear(ADA, HOME, START)

        attempts = [throttle.hit(ADA, stranger(STRANGERS + each), START) for each in range(2)]
        assert await passed(attempts) == 1

    async def test_logins_that_succeed_from_new_addresses_never_fill_the_count_of_strangers(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)

        for each in range(3 * STRANGERS):
            assert await throttle.hit(ADA, stranger(each), START) is None
            await throttle.clear(ADA, stranger(each), START)

        assert await throttle.hit(ADA, ELSEWHERE, START) is None

    @pytest.mark.requirement("LG-6")
    async def test_strangers_never_lock_out_an_address_that_is_known(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)
        await throttle.clear(ADA, HOME, START)
        await fill_with_strangers(throttle)

        waits = [await throttle.hit(ADA, HOME, START) for _ in range(4)]

        assert waits == [None, None, None, MINUTE]

    async def test_an_address_that_is_known_takes_nothing_from_strangers(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)
        await throttle.clear(ADA, HOME, START)
        await fill(throttle, HOME)
        await throttle.clear(ADA, HOME, START)

        strangers = [throttle.hit(ADA, stranger(each), START) for each in range(30)]

        assert await passed(strangers) == STRANGERS

    async def test_an_address_is_known_for_the_accounts_that_logged_in_there_alone(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)
        await throttle.clear(BOB, HOME, START)
        await fill_with_strangers(throttle)

        assert await throttle.hit(ADA, HOME, START) == ACCOUNT.interval / STRANGERS_SHARE

    async def test_an_address_stays_known(self, storage: Storage) -> None:
        throttle, later = login_throttle(storage, BOTH), START + timedelta(days=30)
        await throttle.clear(ADA, HOME, START)
        await storage.throttle.prune(later, limit=100)
        await fill_with_strangers(throttle, later)

        assert await throttle.hit(ADA, HOME, later) is None

    async def test_an_address_that_nobody_logs_in_from_any_more_is_forgotten(
        self, storage: Storage
    ) -> None:
        throttle, later = login_throttle(storage, BOTH), START + KNOWN_FOR
        await throttle.clear(ADA, HOME, START)
        await fill_with_strangers(throttle, later)

        assert await throttle.hit(ADA, HOME, later) is not None

    async def test_an_address_that_is_still_logged_in_from_is_not_forgotten(
        self, storage: Storage
    ) -> None:
        throttle, later = login_throttle(storage, BOTH), START + KNOWN_FOR
        await throttle.clear(ADA, HOME, START)
        await throttle.clear(ADA, HOME, START + timedelta(days=1))
        await storage.throttle.prune(later, limit=100)
        await fill_with_strangers(throttle, later)

        assert await throttle.hit(ADA, HOME, later) is None

    async def test_an_account_that_was_never_tried_can_be_cleared(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)

        await throttle.clear(ADA, HOME, START)

        waits = [await throttle.hit(ADA, HOME, START) for _ in range(4)]
        assert waits == [None, None, None, MINUTE]

    async def test_a_throttle_that_is_off_can_be_cleared(self, storage: Storage) -> None:
        throttle = login_throttle(storage, OFF)

        await throttle.clear(ADA, HOME, START)

        assert await throttle.hit(ADA, HOME, START) is None


class LoginThrottleSuite(LoginHitSuite, LoginClearSuite):
    """All that the throttle of logins promises, on any storage. Asks for the fixture `storage`."""
