"""What the lock of a user promises."""

import asyncio
from dataclasses import replace

import pytest

from latchkey.domain.accounts.user import User
from latchkey.domain.storage import Storage
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import added_user


@pytest.mark.anyio
class UserLockSuite:
    """Nobody else changes a locked user. Asks for the fixture `storage`."""

    async def test_a_locked_user_changes_only_after_the_unit_of_work(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)
        async with storage.units.begin() as unit:
            await unit.users.lock(user.id)
            disabling = asyncio.create_task(storage.users.disable(user.id, START))
            await asyncio.wait({disabling}, timeout=0.1)
            found = await unit.users.by_email(user.email)
            await unit.commit()

        assert await disabling
        assert found == user
        assert await storage.users.by_email(user.email) == replace(user, disabled_at=START)

    async def test_a_lock_waits_and_then_shows_what_it_waited_for(self, storage: Storage) -> None:
        user = await added_user(storage)

        async def seen_by_the_second() -> User | None:
            async with storage.units.begin() as second:
                await second.users.lock(user.id)
                return await second.users.by_email(user.email)

        async with storage.units.begin() as first:
            await first.users.disable(user.id, START)
            seeing = asyncio.create_task(seen_by_the_second())
            await asyncio.wait({seeing}, timeout=0.1)
            await first.commit()

        assert await seeing == replace(user, disabled_at=START)
