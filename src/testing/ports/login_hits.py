"""What the throttle of logins promises about attempts, on any storage."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import repeat
from typing import Final

import pytest

from latchkey.application.sign_in.login_throttle import (
    STRANGERS_SHARE,
    LoginClient,
    LoginLimits,
    LoginThrottle,
)
from latchkey.domain.storage import Storage
from latchkey.domain.throttling.device import Device
from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.source import networks_of
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.suite import AsyncSuite
from latchkey.testing.ports.throttle_hits import MICROSECOND, MINUTE, passed

ACCOUNT: Final = Rate(count=3, period=3 * MINUTE)
ADDRESS: Final = Rate(count=8, period=16 * MINUTE)
STRANGERS: Final = ACCOUNT.count * STRANGERS_SHARE
MANY: Final = 3 * STRANGERS  # attempts, more than any limit allows

OFF: Final = LoginLimits(account=None, address=None, successes=None)
BY_ACCOUNT: Final = replace(OFF, account=ACCOUNT)
BY_ADDRESS: Final = replace(OFF, address=ADDRESS)
BOTH: Final = replace(BY_ACCOUNT, address=ADDRESS)

ADA, BOB = "ada@example.org", "bob@example.org"
HOME, ELSEWHERE = "192.0.2.1", "198.51.101.2"


def login_throttle(storage: Storage, limits: LoginLimits) -> LoginThrottle:
    """Create a throttle of logins that counts in a storage."""
    return LoginThrottle(throttle=storage.throttle, limits=limits)


def client(account: str, address: str, device: Device | None = None) -> LoginClient:
    """Describe a client that tries to log in to an account."""
    return LoginClient(account=account, networks=networks_of(address), device=device)


def stranger(number: int) -> str:
    """Return an IP address for a number."""
    return f"198.51.100.{number}"


async def fill(throttle: LoginThrottle, address: str, now: datetime = START) -> None:
    """Try an account from an address until an attempt is rejected."""
    await _fill(throttle, repeat(address, MANY), now)


async def fill_with_strangers(throttle: LoginThrottle, now: datetime = START) -> None:
    """Try an account once from each of many addresses until an attempt is rejected."""
    await _fill(throttle, map(stranger, range(MANY)), now)


async def _fill(throttle: LoginThrottle, addresses: Iterable[str], now: datetime) -> None:
    for address in addresses:
        if await throttle.hit(client(ADA, address), now) is not None:
            return
    pytest.fail(f"{MANY} attempts in a row were not refused")


class LoginHitSuite(AsyncSuite):
    """Attempts are counted in three places."""

    async def test_an_account_can_be_tried_from_one_address_so_many_times(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)

        waits = [await throttle.hit(client(ADA, HOME), START) for _ in range(5)]

        assert waits == [None, None, None, MINUTE, MINUTE]

    async def test_an_attempt_that_waits_as_told_may_go_on_and_not_earlier(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)
        await fill(throttle, HOME)

        too_early = await throttle.hit(client(ADA, HOME), START + MINUTE - MICROSECOND)
        in_time = await throttle.hit(client(ADA, HOME), START + MINUTE)
        next_one = await throttle.hit(client(ADA, HOME), START + MINUTE)

        assert (too_early, in_time, next_one) == (MICROSECOND, None, MINUTE)

    async def test_what_was_counted_is_forgotten_after_the_period(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)
        await fill(throttle, HOME)

        waits = [await throttle.hit(client(ADA, HOME), START + ACCOUNT.period) for _ in range(4)]

        assert waits == [None, None, None, MINUTE]

    async def test_another_account_can_be_tried_from_the_same_address(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)
        await fill(throttle, HOME)

        assert await throttle.hit(client(BOB, HOME), START) is None

    async def test_an_account_can_be_tried_from_another_address(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)
        await fill(throttle, HOME)

        assert await throttle.hit(client(ADA, ELSEWHERE), START) is None

    async def test_one_address_can_try_all_accounts_so_many_times(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)

        waits = [await throttle.hit(client(f"user-{each}", HOME), START) for each in range(9)]

        assert waits == [None] * ADDRESS.count + [ADDRESS.interval]
        assert await throttle.hit(client("user-9", ELSEWHERE), START) is None

    async def test_all_strangers_together_can_try_an_account_five_times_as_often(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)

        waits = [
            await throttle.hit(client(ADA, stranger(each)), START) for each in range(STRANGERS + 1)
        ]

        assert waits == [None] * STRANGERS + [ACCOUNT.interval / STRANGERS_SHARE]
        assert await throttle.hit(client(BOB, stranger(STRANGERS)), START) is None

    async def test_an_address_that_is_refused_uses_up_nothing_of_an_account(
        self, storage: Storage
    ) -> None:
        slow = Rate(count=3, period=30 * MINUTE)
        throttle = login_throttle(storage, replace(BOTH, account=slow))
        for each in range(ADDRESS.count):
            await throttle.hit(client(f"user-{each}", HOME), START)
        for _ in range(slow.count):
            await throttle.hit(client(ADA, HOME), START)

        strangers = [throttle.hit(client(ADA, stranger(each)), START) for each in range(STRANGERS)]
        instants = [START + each * ADDRESS.interval for each in range(1, 4)]

        assert await passed(strangers) == STRANGERS
        assert [await throttle.hit(client(ADA, HOME), instant) for instant in instants] == [
            None
        ] * 3

    async def test_one_place_that_is_refused_uses_up_nothing_of_the_other_strangers(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BY_ACCOUNT)
        for _ in range(STRANGERS):
            await throttle.hit(client(ADA, HOME), START)

        strangers = [throttle.hit(client(ADA, stranger(each)), START) for each in range(STRANGERS)]

        assert await passed(strangers) == STRANGERS - ACCOUNT.count

    @pytest.mark.parametrize(
        "account", ["", " ", "no address", "\x00", "\ud800", "🦊", "é", "a" * 16_384]
    )
    async def test_any_text_is_an_account(self, storage: Storage, account: str) -> None:
        throttle = login_throttle(storage, BOTH)

        waits = [await throttle.hit(client(account, HOME), START) for _ in range(4)]

        assert waits == [None, None, None, MINUTE]

    async def test_texts_that_differ_are_different_accounts(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BY_ACCOUNT)
        texts = ["a", "A", "a ", "a\x00", "é", "e\u0301", "a" * 16_384, "a" * 16_383]

        waits = [await throttle.hit(client(text, HOME), START) for text in texts for _ in range(3)]

        assert waits == [None] * 24

    async def test_an_address_that_is_typed_as_an_account_is_an_account(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)
        for each in range(ADDRESS.count):
            await throttle.hit(client(f"user-{each}", HOME), START)

        assert await throttle.hit(client(HOME, ELSEWHERE), START) is None

    async def test_limits_that_are_off_limit_nothing(self, storage: Storage) -> None:
        throttle = login_throttle(storage, OFF)

        waits = [await throttle.hit(client(ADA, HOME), START) for _ in range(2 * STRANGERS)]

        assert set(waits) == {None}

    async def test_the_limit_of_an_address_can_be_off_alone(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BY_ACCOUNT)

        over_all = [await throttle.hit(client(f"user-{each}", HOME), START) for each in range(20)]
        waits = [await throttle.hit(client(ADA, HOME), START) for _ in range(4)]

        assert set(over_all) == {None}
        assert waits == [None, None, None, MINUTE]

    async def test_the_limit_of_an_account_can_be_off_alone(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BY_ADDRESS)

        waits = [await throttle.hit(client(ADA, HOME), START) for _ in range(ADDRESS.count + 1)]
        strangers = [await throttle.hit(client(ADA, stranger(each)), START) for each in range(20)]

        assert waits == [None] * ADDRESS.count + [ADDRESS.interval]
        assert set(strangers) == {None}

    async def test_of_many_attempts_at_once_just_so_many_go_on(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)

        count = await passed([throttle.hit(client(ADA, HOME), START) for _ in range(30)])

        assert count == ACCOUNT.count

    async def test_of_many_attempts_from_one_address_at_once_just_so_many_go_on(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)

        count = await passed([throttle.hit(client(f"user-{e}", HOME), START) for e in range(30)])

        assert count == ADDRESS.count

    async def test_of_many_strangers_at_once_just_so_many_go_on(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)

        count = await passed([throttle.hit(client(ADA, stranger(e)), START) for e in range(30)])

        assert count == STRANGERS
