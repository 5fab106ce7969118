"""What a throttle of logins promises about devices, networks and successes."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from latchkey.application.sign_in.login_throttle import WIDTHS
from latchkey.domain.storage import Storage
from latchkey.domain.throttling.device import Device
from latchkey.domain.throttling.rate import Rate
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.login_hits import (
    ACCOUNT,
    ADA,
    ADDRESS,
    BOB,
    BOTH,
    BY_ADDRESS,
    HOME,
    OFF,
    STRANGERS,
    client,
    fill,
    fill_with_strangers,
    login_throttle,
    stranger,
)
from latchkey.testing.ports.suite import AsyncSuite
from latchkey.testing.ports.throttle_hits import DAY, MINUTE, passed

PHONE: Final = Device(id=bytes(16), password_version=1, expires_at=START + 400 * DAY)
TABLET: Final = replace(PHONE, id=bytes(15) + b"1")
SUCCESSES: Final = replace(OFF, successes=Rate(count=4, period=4 * MINUTE))


class LoginDeviceSuite(AsyncSuite):
    """Attempts from a device that the account knows are counted by themselves."""

    @pytest.mark.requirement("LG-6")
    async def test_strangers_never_lock_out_a_device_that_is_known(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)
        await fill_with_strangers(throttle)

        waits = [await throttle.hit(client(ADA, stranger(0), PHONE), START) for _ in range(4)]

        assert waits == [None, None, None, MINUTE]

    @pytest.mark.requirement("LG-6")
    async def test_an_address_that_is_used_up_never_locks_out_a_device_that_is_known(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)
        await fill(throttle, HOME)
        for each in range(ADDRESS.count):
            await throttle.hit(client(f"user-{each}", HOME), START)

        assert await throttle.hit(client(BOB, HOME), START) is not None
        assert await throttle.hit(client(ADA, HOME, PHONE), START) is None

    @pytest.mark.requirement("LG-6")
    async def test_a_device_has_no_more_tries_from_many_addresses(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)
        attempts = [throttle.hit(client(ADA, stranger(each), PHONE), START) for each in range(30)]

        assert await passed(attempts) == ACCOUNT.count

    async def test_a_device_takes_nothing_from_strangers(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)
        for _ in range(STRANGERS):
            await throttle.hit(client(ADA, HOME, PHONE), START)

        strangers = [throttle.hit(client(ADA, stranger(each)), START) for each in range(30)]

        assert await passed(strangers) == STRANGERS

    async def test_each_device_is_counted_by_itself(self, storage: Storage) -> None:
        throttle = login_throttle(storage, BOTH)
        for _ in range(STRANGERS):
            await throttle.hit(client(ADA, HOME, PHONE), START)

        assert await throttle.hit(client(ADA, HOME, TABLET), START) is None

    async def test_a_login_that_succeeds_forgets_the_failures_of_its_device_alone(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, BOTH)
        for device in (PHONE, TABLET):
            for _ in range(STRANGERS):
                await throttle.hit(client(ADA, HOME, device), START)

        await throttle.succeed(client(ADA, HOME, PHONE), START)

        waits = [await throttle.hit(client(ADA, HOME, PHONE), START) for _ in range(4)]
        assert waits == [None, None, None, MINUTE]
        assert await throttle.hit(client(ADA, HOME, TABLET), START) == MINUTE


class LoginNetworkSuite(AsyncSuite):
    """Wider IPv6 networks have limits of their own."""

    @pytest.mark.requirement("LG-5")
    @pytest.mark.parametrize(("width", "step"), [(0, 0), (1, 1), (2, 0x100)])
    async def test_an_ipv6_network_has_the_limit_of_its_width(
        self, storage: Storage, width: int, step: int
    ) -> None:
        throttle = login_throttle(storage, BY_ADDRESS)
        room = ADDRESS.count * WIDTHS[width]

        waits = [
            await throttle.hit(client(ADA, f"2001:db8:1:{number * step:x}::"), START)
            for number in range(room + 1)
        ]

        assert waits[:-1] == [None] * room
        assert waits[-1] is not None
        assert await throttle.hit(client(ADA, "2001:db8:2::"), START) is None


class LoginSuccessesSuite(AsyncSuite):
    """Logins to an account that succeed are limited, whatever they come from."""

    @pytest.mark.requirement("LG-15")
    async def test_an_account_can_be_logged_in_to_so_many_times_from_everywhere(
        self, storage: Storage
    ) -> None:
        throttle = login_throttle(storage, SUCCESSES)
        clients = [client(ADA, HOME), client(ADA, HOME, PHONE), client(ADA, stranger(1), TABLET)]
        for each in [*clients, client(ADA, stranger(2))]:
            assert await throttle.hit(each, START) is None
            await throttle.succeed(each, START)

        waits = [await throttle.hit(each, START) for each in clients]

        assert waits == [MINUTE] * 3
        assert await throttle.hit(client(BOB, HOME), START) is None
        assert await throttle.hit(clients[0], START + MINUTE) is None

    @pytest.mark.requirement("LG-15")
    async def test_failures_never_fill_the_count_of_successes(self, storage: Storage) -> None:
        throttle = login_throttle(storage, SUCCESSES)

        waits = [await throttle.hit(client(ADA, stranger(each)), START) for each in range(30)]

        assert waits == [None] * 30

    async def test_successes_are_forgotten_after_the_period(self, storage: Storage) -> None:
        throttle = login_throttle(storage, SUCCESSES)
        for _ in range(4):
            await throttle.succeed(client(ADA, HOME), START)

        later = START + timedelta(minutes=4)

        assert await storage.throttle.prune(later, limit=9) == 1
        assert await throttle.hit(client(ADA, HOME), later) is None
