"""What a repository of users promises about the last administrator."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from latchkey.domain.accounts.errors import LastAdminError
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import ROUNDS, added_user
from latchkey.testing.ports.suite import AsyncSuite

Change = Callable[[Storage, User], Awaitable[User | None]]


async def demote(storage: Storage, user: User) -> User | None:
    return await storage.users.set_role(user.id, Role.USER)


async def disable(storage: Storage, user: User) -> User | None:
    return await storage.users.disable(user.id, START)


CHANGES = [demote, disable]


class LastAdminSuite(AsyncSuite):
    """There is always an enabled administrator once there is one."""

    @pytest.mark.requirement("BA-6")
    @pytest.mark.parametrize("change", CHANGES)
    async def test_the_last_enabled_admin_stays_one(self, storage: Storage, change: Change) -> None:
        admin, _user = await added_user(storage, role=Role.ADMIN), await added_user(storage)
        disabled = UserFactory.build(role=Role.ADMIN, disabled_at=START)
        await storage.users.add(disabled, password_hash())

        with pytest.raises(LastAdminError):
            await change(storage, admin)

        assert await storage.users.find(admin.id) == admin

    @pytest.mark.parametrize("change", CHANGES)
    async def test_one_of_two_admins_need_not_stay_one(
        self, storage: Storage, change: Change
    ) -> None:
        admin, other = [await added_user(storage, role=Role.ADMIN) for _ in range(2)]

        assert await change(storage, admin)

        with pytest.raises(LastAdminError):
            await change(storage, other)

    @pytest.mark.parametrize("change", CHANGES)
    async def test_users_and_disabled_admins_are_not_the_last_admin(
        self, storage: Storage, change: Change
    ) -> None:
        user = await added_user(storage)
        disabled = UserFactory.build(role=Role.ADMIN, disabled_at=START)
        await storage.users.add(disabled, password_hash())

        assert await change(storage, user)
        assert await change(storage, disabled)

    async def test_the_last_admin_can_be_made_one_again(self, storage: Storage) -> None:
        admin = await added_user(storage, role=Role.ADMIN)

        assert await storage.users.set_role(admin.id, Role.ADMIN) == admin

    @pytest.mark.requirement("BA-6")
    @pytest.mark.parametrize("change", CHANGES)
    async def test_of_admins_who_change_each_other_at_once_one_is_left(
        self, storage: Storage, change: Change
    ) -> None:
        async def try_to(user: User) -> bool:
            try:
                return await change(storage, user) is not None
            except LastAdminError:
                return False

        left = await added_user(storage, role=Role.ADMIN)
        for _ in range(ROUNDS):
            rivals = [left, await added_user(storage, role=Role.ADMIN)]

            outcomes = await asyncio.gather(*(try_to(rival) for rival in rivals))

            assert sorted(outcomes) == [False, True]
            left = rivals[outcomes.index(False)]
            assert await storage.users.find(left.id) == left

    async def test_a_change_in_a_unit_of_work_keeps_others_out(self, storage: Storage) -> None:
        admin, other = [await added_user(storage, role=Role.ADMIN) for _ in range(2)]
        async with storage.units.begin() as unit:
            await unit.users.lock_administration()
            rival = asyncio.create_task(demote(storage, other))
            await unit.users.set_role(admin.id, Role.USER)
            await unit.commit()

        with pytest.raises(LastAdminError):
            await rival

    async def test_a_user_is_found_by_identifier(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)

        assert await storage.users.find(user.id) == user
        assert await storage.users.find(other.id) == other
        assert await storage.users.find(UserFactory.build().id) is None
