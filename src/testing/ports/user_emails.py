"""What a repository of users promises about changes of an e-mail address."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.errors import EmailTakenError
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, address, password_hash
from latchkey.testing.ports.storage import AT_ONCE, added_user
from latchkey.testing.ports.suite import AsyncSuite


class UserEmailSuite(AsyncSuite):
    """A user's e-mail address is changed."""

    async def test_an_address_is_set_and_nothing_else_changes(self, storage: Storage) -> None:
        user = await added_user(storage)
        before = await storage.password_credentials.by_email(user.email)
        new = address("Ada@Bücher.example")

        assert await storage.users.set_email(user.id, new)

        after = await storage.password_credentials.by_email(new)
        assert before
        assert after == replace(before, user=replace(user, email=new))

    async def test_the_address_of_before_is_free_again(self, storage: Storage) -> None:
        user = await added_user(storage)
        await storage.users.set_email(user.id, address("ada@example.org"))
        other = UserFactory.build(email=user.email)

        assert await storage.users.by_email(user.email) is None

        await storage.users.add(other, password_hash())
        assert await storage.users.by_email(user.email) == other

    async def test_another_canonical_form_of_the_same_text_is_set(self, storage: Storage) -> None:
        user = await added_user(storage)
        new = EmailAddress(user.email.text, "ada@xn--strae-oqa.example")

        assert await storage.users.set_email(user.id, new)

        assert await storage.users.by_email(new) == replace(user, email=new)

    async def test_the_own_address_can_be_set_again(self, storage: Storage) -> None:
        user = await added_user(storage)

        assert await storage.users.set_email(user.id, user.email)

        assert await storage.users.by_email(user.email) == user

    async def test_a_taken_address_is_not_set(self, storage: Storage) -> None:
        user, other = [await added_user(storage) for _ in range(2)]

        with pytest.raises(EmailTakenError):
            await storage.users.set_email(user.id, other.email)

        assert await storage.users.by_email(user.email) == user
        assert await storage.users.by_email(other.email) == other

    async def test_of_many_that_set_one_address_at_once_one_succeeds(
        self, storage: Storage
    ) -> None:
        rivals = [await added_user(storage) for _ in range(AT_ONCE)]
        wanted = address("ada@example.org")

        outcomes = await asyncio.gather(
            *(storage.users.set_email(rival.id, wanted) for rival in rivals),
            return_exceptions=True,
        )

        assert Counter(map(type, outcomes)) == {bool: 1, EmailTakenError: AT_ONCE - 1}
        found = await storage.users.by_email(wanted)
        assert found
        assert found.id == rivals[outcomes.index(True)].id

    async def test_the_address_of_an_unknown_user_is_not_set(self, storage: Storage) -> None:
        unknown = UserFactory.build()

        assert not await storage.users.set_email(unknown.id, unknown.email)
        assert await storage.users.by_email(unknown.email) is None
