"""What a repository of remembered devices promises."""

import asyncio
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import uuid4

from latchkey.domain.accounts.user import User, UserId
from latchkey.domain.factors.remembered_device import (
    RememberedDevice,
    RememberedDeviceId,
    hash_of,
)
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.storage import Storage
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import AT_ONCE, added_user
from latchkey.testing.ports.suite import AsyncSuite

DAY: Final = timedelta(days=1)
VERSION: Final = 3
KEEP: Final = 9


def remembered_device(user_id: UserId, lifetime: timedelta = DAY) -> RememberedDevice:
    """Return a device that is stored nowhere yet."""
    return RememberedDevice(
        id=RememberedDeviceId(new_id(START)),
        user_id=user_id,
        secret_hash=hash_of(secrets.token_bytes(16)),
        password_version=VERSION,
        name="Firefox on Linux",
        expires_at=START + lifetime,
    )


async def added(storage: Storage, user: User, lifetime: timedelta = DAY) -> RememberedDevice:
    """Remember a device of a user."""
    device = remembered_device(user.id, lifetime)
    await storage.remembered_devices.add(device, keep=KEEP)
    return device


class RememberedDeviceRepositorySuite(AsyncSuite):
    """All that a repository of remembered devices promises. Asks for the fixture `storage`."""

    async def test_devices_are_listed_as_they_were_added(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        first, theirs, second = [await added(storage, each) for each in (user, other, user)]

        assert await storage.remembered_devices.of_user(user.id, START) == (second, first)
        assert await storage.remembered_devices.of_user(other.id, START) == (theirs,)
        assert await storage.remembered_devices.of_user(UserId(uuid4()), START) == ()

    async def test_the_oldest_devices_give_way(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        theirs, _, second = [await added(storage, each) for each in (other, user, user)]
        third = remembered_device(user.id)

        await storage.remembered_devices.add(third, keep=2)

        assert await storage.remembered_devices.of_user(user.id, START) == (third, second)
        assert await storage.remembered_devices.of_user(other.id, START) == (theirs,)

    async def test_a_use_is_noted_and_does_not_prolong(self, storage: Storage) -> None:
        user = await added_user(storage)
        device, later = await added(storage, user), START + DAY / 2

        used = await storage.remembered_devices.use(
            device.secret_hash, user.id, password_version=VERSION, now=later
        )

        assert used == device.id
        noted = (replace(device, last_used_at=later),)
        assert await storage.remembered_devices.of_user(user.id, START) == noted

    async def test_a_device_is_good_for_its_user_password_and_time_alone(
        self, storage: Storage
    ) -> None:
        user, other = await added_user(storage), await added_user(storage)
        device, use = await added(storage, user), storage.remembered_devices.use
        hashed = device.secret_hash

        refused = [
            await use(hash_of(b"another"), user.id, password_version=VERSION, now=START),
            await use(hashed, other.id, password_version=VERSION, now=START),
            await use(hashed, user.id, password_version=VERSION + 1, now=START),
            await use(hashed, user.id, password_version=VERSION, now=device.expires_at),
        ]

        assert refused == [None] * 4
        assert await storage.remembered_devices.of_user(user.id, START) == (device,)
        assert await storage.remembered_devices.of_user(user.id, device.expires_at) == ()

    async def test_forgotten_devices_are_gone(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        first, theirs, second = [await added(storage, each) for each in (user, other, user)]

        forgotten = await storage.remembered_devices.forget(user.id, {first.id, theirs.id})

        assert forgotten == (first.id,)
        assert await storage.remembered_devices.of_user(user.id, START) == (second,)
        assert await storage.remembered_devices.of_user(other.id, START) == (theirs,)
        assert not await storage.remembered_devices.use(
            first.secret_hash, user.id, password_version=VERSION, now=START
        )

    async def test_all_devices_of_a_user_are_forgotten_once(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        first, theirs, second = [await added(storage, each) for each in (user, other, user)]

        calls = (storage.remembered_devices.forget(user.id) for _ in range(AT_ONCE))
        forgotten = await asyncio.gather(*calls)

        told = [each for ids in forgotten for each in ids]
        assert sorted(told) == sorted((first.id, second.id))
        assert await storage.remembered_devices.of_user(other.id, START) == (theirs,)

    async def test_expired_devices_are_pruned_in_batches(self, storage: Storage) -> None:
        user = await added_user(storage)
        kept = await added(storage, user, 2 * DAY)
        for _ in range(3):
            await added(storage, user)

        counts = [await storage.remembered_devices.prune(START + DAY, limit=2) for _ in range(3)]

        assert counts == [2, 1, 0]
        assert await storage.remembered_devices.of_user(user.id, START) == (kept,)
