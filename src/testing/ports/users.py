"""What a repository of users promises."""

import asyncio
from dataclasses import replace

import pytest

from latchkey.domain.accounts.errors import AlreadyBootstrappedError, EmailTakenError
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, address, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.last_admin import LastAdminSuite
from latchkey.testing.ports.storage import (
    AT_ONCE,
    MICROSECOND,
    UTC_ONLY,
    added_user,
    offsets,
    winners,
)
from latchkey.testing.ports.suite import AsyncSuite
from latchkey.testing.ports.user_changes import UserChangeSuite
from latchkey.testing.ports.user_emails import UserEmailSuite
from latchkey.testing.ports.user_list import UserListSuite
from latchkey.testing.ports.user_locks import UserLockSuite


def _at(text: str) -> User:
    return UserFactory.build(email=address(text))


class UserAdditionSuite(AsyncSuite):
    """Users are stored and found."""

    async def test_a_user_is_found_as_it_was_added(self, storage: Storage) -> None:
        user = replace(_at("Zoë.O'Hara@Exämple.org"), name="Zoë 🦊", role=Role.ADMIN)

        await storage.users.add(user, password_hash())

        found = await storage.users.by_email(user.email)
        assert found == user
        assert offsets(found.created_at) == UTC_ONLY

    async def test_a_user_that_was_disabled_before_is_found_disabled(
        self, storage: Storage
    ) -> None:
        user = UserFactory.build(disabled_at=START + MICROSECOND)

        await storage.users.add(user, password_hash())

        assert await storage.users.by_email(user.email) == user

    async def test_a_user_is_found_by_any_spelling_of_the_address(self, storage: Storage) -> None:
        user = _at("Ada@Bücher.example")
        await storage.users.add(user, password_hash())

        found = await storage.users.by_email(address("aDA@xn--bcher-kva.EXAMPLE"))

        assert found == user

    async def test_an_unknown_address_finds_nobody(self, storage: Storage) -> None:
        await added_user(storage)

        found = await storage.users.by_email(address("nobody@example.org"))

        assert found is None

    @pytest.mark.parametrize(
        ("kept", "other"),
        [("kim", "k\u0131m"), ("zo\xeb", "zo\xcb"), ("strasse", "stra\xdfe"), ("k_m", "kim")],
    )
    async def test_an_address_that_only_looks_alike_is_another(
        self, storage: Storage, kept: str, other: str
    ) -> None:
        first, second = _at(f"{kept}@example.org"), _at(f"{other}@example.org")
        await storage.users.add(first, password_hash())

        assert await storage.users.by_email(second.email) is None

        await storage.users.add(second, password_hash())
        assert await storage.users.by_email(first.email) == first
        assert await storage.users.by_email(second.email) == second

    async def test_an_address_is_taken_in_any_spelling(self, storage: Storage) -> None:
        first = _at("ada@example.org")
        await storage.users.add(first, password_hash())

        with pytest.raises(EmailTakenError):
            await storage.users.add(_at("ADA@EXAMPLE.ORG"), password_hash())

        assert await storage.users.by_email(first.email) == first

    async def test_of_many_that_add_one_address_at_once_one_succeeds(
        self, storage: Storage
    ) -> None:
        rivals = [_at("ada@example.org") for _ in range(AT_ONCE)]

        outcomes = await asyncio.gather(
            *(storage.users.add(rival, password_hash()) for rival in rivals),
            return_exceptions=True,
        )

        assert winners(outcomes, EmailTakenError) == 1
        assert await storage.users.by_email(rivals[0].email) == rivals[outcomes.index(None)]


class FirstAdminSuite(AsyncSuite):
    """The first administrator is stored, but no second one."""

    async def test_the_first_admin_is_found_as_it_was_added(self, storage: Storage) -> None:
        admin = UserFactory.build(role=Role.ADMIN)
        await added_user(storage)

        await storage.users.add_first_admin(admin, password_hash())

        assert await storage.users.by_email(admin.email) == admin

    @pytest.mark.parametrize("is_disabled", [False, True])
    async def test_a_second_first_admin_is_refused_whatever_became_of_the_first(
        self, storage: Storage, *, is_disabled: bool
    ) -> None:
        first = UserFactory.build(role=Role.ADMIN, disabled_at=START if is_disabled else None)
        await storage.users.add(first, password_hash())
        second = UserFactory.build(role=Role.ADMIN)

        with pytest.raises(AlreadyBootstrappedError):
            await storage.users.add_first_admin(second, password_hash())

        assert await storage.users.by_email(second.email) is None

    async def test_a_first_admin_is_refused_once_a_user_was_made_one(
        self, storage: Storage
    ) -> None:
        promoted = await added_user(storage)
        await storage.users.set_role(promoted.id, Role.ADMIN)

        with pytest.raises(AlreadyBootstrappedError):
            await storage.users.add_first_admin(UserFactory.build(role=Role.ADMIN), password_hash())

    async def test_there_can_be_users_before_the_first_admin(self, storage: Storage) -> None:
        await added_user(storage)
        admin = UserFactory.build(role=Role.ADMIN)

        await storage.users.add_first_admin(admin, password_hash())

        assert await storage.users.by_email(admin.email) == admin

    @pytest.mark.requirement("BA-5")
    async def test_whether_an_address_is_taken_stays_untold_once_there_is_an_admin(
        self, storage: Storage
    ) -> None:
        admin = await added_user(storage, role=Role.ADMIN)
        same_address = UserFactory.build(role=Role.ADMIN, email=admin.email)

        with pytest.raises(AlreadyBootstrappedError):
            await storage.users.add_first_admin(same_address, password_hash())

    async def test_a_first_admin_can_have_no_address_that_is_taken(self, storage: Storage) -> None:
        user = await added_user(storage)
        rival = UserFactory.build(role=Role.ADMIN, email=user.email)

        with pytest.raises(EmailTakenError):
            await storage.users.add_first_admin(rival, password_hash())

        assert await storage.users.by_email(user.email) == user

    @pytest.mark.requirement("BA-2")
    async def test_of_many_first_admins_at_once_one_succeeds(self, storage: Storage) -> None:
        rivals = UserFactory.batch(AT_ONCE, role=Role.ADMIN)

        outcomes = await asyncio.gather(
            *(storage.users.add_first_admin(rival, password_hash()) for rival in rivals),
            return_exceptions=True,
        )

        kept = await storage.users.page(after=None, limit=100)
        assert winners(outcomes, AlreadyBootstrappedError) == 1
        assert kept.items == (rivals[outcomes.index(None)],)


class UserRepositorySuite(
    UserAdditionSuite,
    FirstAdminSuite,
    UserChangeSuite,
    UserEmailSuite,
    UserLockSuite,
    UserListSuite,
    LastAdminSuite,
):
    """All that a repository of users promises. Asks for the fixture `storage`."""
