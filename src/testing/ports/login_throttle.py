"""What the throttle of logins promises about successful logins."""

import pytest

from latchkey.domain.storage import Storage
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.login_devices import (
    LoginDeviceSuite,
    LoginNetworkSuite,
    LoginSuccessesSuite,
)
from latchkey.testing.ports.login_hits import (
    ADA,
    ADDRESS,
    BOB,
    BOTH,
    BY_ACCOUNT,
    ELSEWHERE,
    HOME,
    MANY,
    OFF,
    STRANGERS,
    LoginHitSuite,
    client,
    fill,
    login_throttle,
    stranger,
)
from latchkey.testing.ports.suite import AsyncSuite
from latchkey.testing.ports.throttle_hits import DAY, MINUTE, passed


class LoginSuccessSuite(AsyncSuite):
    """A login that succeeds takes back what it counted."""

    @pytest.mark.requirement("LG-8")
    async def test_the_owners_failures_are_forgotten_when_one_login_succeeds(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BY_ACCOUNT)
        await fill(throttle, HOME)

        await throttle.succeed(client(ADA, HOME), START)

        waits = [await throttle.hit(client(ADA, HOME), START) for _ in range(4)]
        assert waits == [None, None, None, MINUTE]

    @pytest.mark.requirement("LG-8")
    async def test_failures_elsewhere_are_not_forgotten(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)
        await fill(throttle, ELSEWHERE)
        await throttle.hit(client(ADA, HOME), START)

        await throttle.succeed(client(ADA, HOME), START)

        assert await throttle.hit(client(ADA, ELSEWHERE), START) == MINUTE

    async def test_failures_at_other_accounts_are_not_forgotten(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BY_ACCOUNT)
        await fill(throttle, HOME)
        await throttle.hit(client(BOB, HOME), START)

        await throttle.succeed(client(BOB, HOME), START)

        assert await throttle.hit(client(ADA, HOME), START) == MINUTE

    async def test_logins_that_succeed_never_fill_the_count_of_their_address(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)

        for each in range(3 * ADDRESS.count):
            assert await throttle.hit(client(f"user-{each}", HOME), START) is None
            await throttle.succeed(client(f"user-{each}", HOME), START)

        waits = [await throttle.hit(client(f"guess-{each}", HOME), START) for each in range(9)]
        assert waits == [None] * ADDRESS.count + [ADDRESS.interval]

    async def test_a_login_that_succeeds_takes_back_no_failure_of_its_address(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)
        for each in range(ADDRESS.count - 1):
            await throttle.hit(client(f"user-{each}", HOME), START)
        await throttle.hit(client(ADA, HOME), START)

        await throttle.succeed(client(ADA, HOME), START)

        waits = [await throttle.hit(client(f"guess-{each}", HOME), START) for each in range(2)]
        assert waits == [None, ADDRESS.interval]

    @pytest.mark.requirement("LG-8")
    async def test_a_login_that_succeeds_takes_back_no_failure_of_strangers(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)
        for each in range(STRANGERS - 1):
            await throttle.hit(client(ADA, stranger(each)), START)
        await throttle.hit(client(ADA, HOME), START)

        await throttle.succeed(client(ADA, HOME), START)

        attempts = [
            throttle.hit(client(ADA, stranger(STRANGERS + each)), START) for each in range(2)
        ]
        assert await passed(attempts) == 1

    async def test_logins_that_succeed_from_new_addresses_never_fill_the_count_of_strangers(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)

        for each in range(3 * STRANGERS):
            assert await throttle.hit(client(ADA, stranger(each)), START) is None
            await throttle.succeed(client(ADA, stranger(each)), START)

        assert await throttle.hit(client(ADA, ELSEWHERE), START) is None

    async def test_an_account_that_was_never_tried_can_succeed(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)

        await throttle.succeed(client(ADA, HOME), START)

        waits = [await throttle.hit(client(ADA, HOME), START) for _ in range(4)]
        assert waits == [None, None, None, MINUTE]

    async def test_a_throttle_that_is_off_can_succeed(self, storage: Storage) -> None:
        throttle = login_throttle(storage, OFF)

        await throttle.succeed(client(ADA, HOME), START)

        assert await throttle.hit(client(ADA, HOME), START) is None


class LoginRefundSuite(AsyncSuite):
    """An attempt whose password was never checked does not count."""

    @pytest.mark.parametrize("address", [HOME, "2001:db8::2"])
    async def test_an_attempt_is_taken_back_everywhere(
        self, storage: Storage, address: str
    ) -> None:
        throttle = login_throttle(storage, BOTH)

        for _ in range(MANY):
            assert await throttle.hit(client(ADA, address), START) is None
            await throttle.refund(client(ADA, address), START)

        assert await storage.throttle.prune(START, limit=100) > 0  # every count has run down
        assert await storage.throttle.prune(START + DAY, limit=100) == 0

    async def test_no_other_attempt_is_taken_back(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BY_ACCOUNT)
        await fill(throttle, HOME)

        await throttle.refund(client(ADA, HOME), START)

        waits = [await throttle.hit(client(ADA, HOME), START) for _ in range(2)]
        assert waits == [None, MINUTE]


class LoginThrottleSuite(
    LoginHitSuite,
    LoginNetworkSuite,
    LoginSuccessSuite,
    LoginRefundSuite,
    LoginDeviceSuite,
    LoginSuccessesSuite,
):
    """All that a throttle of logins promises, on the throttle of any storage."""
