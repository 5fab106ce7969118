"""What a repository of credentials promises."""

import asyncio

from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import User
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, address, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import AT_ONCE, added_user
from latchkey.testing.ports.suite import AsyncSuite

OLD, NEW = PasswordHash("$2b$10$old"), PasswordHash("$2b$12$new")


async def _user_with(storage: Storage, hashed: PasswordHash) -> User:
    user = UserFactory.build()
    await storage.users.add(user, hashed)
    return user


class PasswordCredentialRepositorySuite(AsyncSuite):
    """All that a repository of credentials promises. Asks for the fixture `storage`."""

    async def test_a_new_user_has_the_first_password_version(self, storage: Storage) -> None:
        user = await _user_with(storage, OLD)

        found = await storage.password_credentials.by_email(user.email)

        assert found == PasswordCredential(user=user, password_hash=OLD, password_version=1)

    async def test_a_first_admin_has_the_first_password_version(self, storage: Storage) -> None:
        admin = UserFactory.build()

        await storage.users.add_first_admin(admin, OLD)

        found = await storage.password_credentials.by_email(admin.email)
        assert found == PasswordCredential(user=admin, password_hash=OLD, password_version=1)

    async def test_a_credential_is_found_by_any_spelling_of_the_address(
        self, storage: Storage
    ) -> None:
        user = UserFactory.build(email=address("Ada@Bücher.example"))
        await storage.users.add(user, OLD)

        found = await storage.password_credentials.by_email(address("ada@BÜCHER.example"))

        assert found == PasswordCredential(user=user, password_hash=OLD, password_version=1)

    async def test_an_unknown_address_finds_no_credential(self, storage: Storage) -> None:
        await added_user(storage)

        found = await storage.password_credentials.by_email(address("nobody@example.org"))

        assert found is None

    async def test_the_credential_of_a_disabled_user_is_found(self, storage: Storage) -> None:
        user = await _user_with(storage, OLD)
        await storage.users.disable(user.id, START)

        found = await storage.password_credentials.by_email(user.email)

        assert found is not None
        assert found.user.is_disabled

    async def test_a_changed_password_has_the_next_version(self, storage: Storage) -> None:
        user = await _user_with(storage, OLD)

        version = await storage.password_credentials.change_password(user.id, NEW)

        assert version == 2
        found = await storage.password_credentials.by_email(user.email)
        assert found == PasswordCredential(user=user, password_hash=NEW, password_version=2)

    async def test_changing_a_password_leaves_others_alone(self, storage: Storage) -> None:
        user, other = await _user_with(storage, OLD), await _user_with(storage, OLD)

        await storage.password_credentials.change_password(user.id, NEW)

        found = await storage.password_credentials.by_email(other.email)
        assert found == PasswordCredential(user=other, password_hash=OLD, password_version=1)

    async def test_an_unknown_user_has_no_password_to_change(self, storage: Storage) -> None:
        unknown = UserFactory.build()

        assert await storage.password_credentials.change_password(unknown.id, NEW) is None

    async def test_of_many_changes_at_once_none_is_left_uncounted(self, storage: Storage) -> None:
        user = await _user_with(storage, OLD)

        await asyncio.gather(
            *(
                storage.password_credentials.change_password(user.id, password_hash())
                for _ in range(AT_ONCE)
            )
        )

        found = await storage.password_credentials.by_email(user.email)
        assert found is not None
        assert found.password_version == 1 + AT_ONCE

    async def test_an_upgraded_hash_has_the_same_version(self, storage: Storage) -> None:
        user = await _user_with(storage, OLD)

        is_upgraded = await storage.password_credentials.upgrade_hash(user.id, old=OLD, new=NEW)

        assert is_upgraded
        found = await storage.password_credentials.by_email(user.email)
        assert found == PasswordCredential(user=user, password_hash=NEW, password_version=1)

    async def test_a_hash_that_was_changed_meanwhile_is_not_upgraded(
        self, storage: Storage
    ) -> None:
        user = await _user_with(storage, OLD)
        changed = password_hash()
        await storage.password_credentials.change_password(user.id, changed)

        is_upgraded = await storage.password_credentials.upgrade_hash(user.id, old=OLD, new=NEW)

        assert not is_upgraded
        found = await storage.password_credentials.by_email(user.email)
        assert found == PasswordCredential(user=user, password_hash=changed, password_version=2)

    async def test_upgrading_a_hash_leaves_an_equal_one_of_another_user_alone(
        self, storage: Storage
    ) -> None:
        user, other = await _user_with(storage, OLD), await _user_with(storage, OLD)

        await storage.password_credentials.upgrade_hash(user.id, old=OLD, new=NEW)

        found = await storage.password_credentials.by_email(other.email)
        assert found == PasswordCredential(user=other, password_hash=OLD, password_version=1)

    async def test_an_unknown_user_has_no_hash_to_upgrade(self, storage: Storage) -> None:
        unknown = UserFactory.build()

        assert not await storage.password_credentials.upgrade_hash(unknown.id, old=OLD, new=NEW)

    async def test_of_many_upgrades_at_once_one_succeeds(self, storage: Storage) -> None:
        user = await _user_with(storage, OLD)
        hashes = [password_hash() for _ in range(AT_ONCE)]

        outcomes = await asyncio.gather(
            *(
                storage.password_credentials.upgrade_hash(user.id, old=OLD, new=new)
                for new in hashes
            )
        )

        found = await storage.password_credentials.by_email(user.email)
        assert outcomes.count(True) == 1
        assert found is not None
        assert found.password_hash == hashes[outcomes.index(True)]
