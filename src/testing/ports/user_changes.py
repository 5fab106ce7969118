"""What a repository of users promises about changes of a user."""

import asyncio
from dataclasses import replace

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import ROUNDS, SECOND, added_user
from latchkey.testing.ports.suite import AsyncSuite


class UserChangeSuite(AsyncSuite):
    """A user's role is set, and a user is disabled and enabled again."""

    @pytest.mark.parametrize("old", Role)
    @pytest.mark.parametrize("new", Role)
    async def test_a_role_is_set_and_nothing_else_changes(
        self, storage: Storage, old: Role, new: Role
    ) -> None:
        await added_user(storage, role=Role.ADMIN)
        user = await added_user(storage, role=old)

        assert await storage.users.set_role(user.id, new) == replace(user, role=new)

        assert await storage.users.by_email(user.email) == replace(user, role=new)

    async def test_a_name_is_set_and_nothing_else_changes(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)

        assert await storage.users.set_name(user.id, "Ada Lovelace")

        assert await storage.users.by_email(user.email) == replace(user, name="Ada Lovelace")
        assert await storage.users.by_email(other.email) == other

    async def test_a_user_is_disabled_and_nothing_else_changes(self, storage: Storage) -> None:
        user = await added_user(storage)

        assert await storage.users.disable(user.id, START)

        assert await storage.users.by_email(user.email) == replace(user, disabled_at=START)

    async def test_a_second_disable_keeps_the_first_instant(self, storage: Storage) -> None:
        user = await added_user(storage)
        await storage.users.disable(user.id, START)

        assert await storage.users.disable(user.id, START + SECOND)

        assert await storage.users.by_email(user.email) == replace(user, disabled_at=START)

    async def test_a_disabled_user_is_enabled_and_nothing_else_changes(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)
        await storage.users.disable(user.id, START)

        assert await storage.users.enable(user.id)

        assert await storage.users.by_email(user.email) == user

    async def test_a_user_who_was_enabled_can_be_disabled_again(self, storage: Storage) -> None:
        user, again = await added_user(storage), START + SECOND
        await storage.users.disable(user.id, START)
        await storage.users.enable(user.id)

        assert await storage.users.disable(user.id, again)

        assert await storage.users.by_email(user.email) == replace(user, disabled_at=again)

    async def test_an_enabled_user_can_be_enabled_again(self, storage: Storage) -> None:
        user = await added_user(storage)

        assert await storage.users.enable(user.id)

        assert await storage.users.by_email(user.email) == user

    async def test_a_disabled_user_stays_disabled_with_another_role(self, storage: Storage) -> None:
        user = await added_user(storage)
        await storage.users.disable(user.id, START)

        await storage.users.set_role(user.id, Role.ADMIN)

        found = await storage.users.by_email(user.email)
        assert found == replace(user, role=Role.ADMIN, disabled_at=START)

    async def test_other_users_do_not_change(self, storage: Storage) -> None:
        await added_user(storage, role=Role.ADMIN)
        user, other, disabled = [await added_user(storage) for _ in range(3)]
        await storage.users.disable(disabled.id, START)

        await storage.users.set_role(user.id, Role.ADMIN)
        await storage.users.disable(user.id, START)
        await storage.users.enable(user.id)

        assert await storage.users.by_email(other.email) == other
        assert await storage.users.by_email(disabled.email) == replace(disabled, disabled_at=START)

    async def test_of_different_changes_at_once_none_is_lost(self, storage: Storage) -> None:
        await added_user(storage, role=Role.ADMIN)
        for _ in range(ROUNDS):
            user, changed = await added_user(storage), password_hash()

            await asyncio.gather(
                storage.users.set_role(user.id, Role.ADMIN),
                storage.password_credentials.change_password(user.id, changed),
                storage.users.disable(user.id, START),
            )

            found = await storage.password_credentials.by_email(user.email)
            assert found is not None
            assert found.user == replace(user, role=Role.ADMIN, disabled_at=START)
            assert (found.password_hash, found.password_version) == (changed, 2)

    async def test_an_unknown_user_is_not_changed(self, storage: Storage) -> None:
        unknown = UserFactory.build()

        assert not await storage.users.set_name(unknown.id, "Ada")
        assert not await storage.users.set_role(unknown.id, Role.ADMIN)
        assert not await storage.users.disable(unknown.id, START)
        assert not await storage.users.enable(unknown.id)
        assert await storage.users.by_email(unknown.email) is None
