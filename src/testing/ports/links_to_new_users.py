"""What a repository of links promises of those that make users."""

import asyncio
from dataclasses import replace

from latchkey.domain.accounts.errors import EmailTakenError
from latchkey.domain.accounts.user import Role
from latchkey.domain.links.link import (
    FIRST_PASSWORD,
    NO_PASSWORD,
    Binding,
    FoundLink,
    Link,
)
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import AT_ONCE, ROUNDS, added_user
from latchkey.testing.ports.stored_links import found_link, new_invitation, new_registration, stored
from latchkey.testing.ports.suite import AsyncSuite


class NewUserLinks(AsyncSuite):
    """Registrations and invitations. A part of `LinkRepositorySuite`."""

    async def test_a_registration_is_found_as_it_was_added_and_never_bound(
        self, storage: Storage
    ) -> None:
        link = await stored(storage, new_registration(UserFactory.build()))

        await storage.links.bind(link.id)

        assert await storage.links.find(link.id) == FoundLink(link=link, credential=None)

    async def test_a_registration_is_found_with_the_user_who_has_its_address(
        self, storage: Storage
    ) -> None:
        user, _other = await added_user(storage), await added_user(storage)
        link = await stored(storage, new_registration(user))

        await storage.links.bind(link.id)

        credential = await storage.password_credentials.by_email(user.email)
        assert await storage.links.find(link.id) == FoundLink(link=link, credential=credential)

    async def test_a_disabled_user_has_the_address_of_a_registration_too(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)
        await storage.users.disable(user.id, START)
        link = await stored(storage, new_registration(user))

        found = await found_link(storage, link.id)

        assert found.credential is not None
        assert found.credential.user == replace(user, disabled_at=START)

    async def test_a_registration_that_was_used_stays_with_the_user_it_has_made(
        self, storage: Storage
    ) -> None:
        asked, made = UserFactory.build(), await added_user(storage)
        link = await stored(storage, new_registration(asked))

        is_used = await storage.links.use_for(link.id, made.id)
        is_used_again = await storage.links.use_for(link.id, asked.id)

        await storage.users.add(asked, password_hash())
        binding = Binding(user_id=made.id, password_version=NO_PASSWORD)
        found = await found_link(storage, link.id)
        assert (is_used, is_used_again) == (True, False)
        assert found.link == replace(link, binding=binding, result_version=FIRST_PASSWORD)
        assert found.credential is not None
        assert found.credential.user == made

    async def test_an_unknown_registration_is_not_used(self, storage: Storage) -> None:
        user = UserFactory.build()

        assert not await storage.links.use_for(new_registration(user).id, user.id)

    async def test_of_uses_of_a_registration_at_once_one_succeeds(self, storage: Storage) -> None:
        link = await stored(storage, new_registration(UserFactory.build()))
        users = [await added_user(storage) for _ in range(AT_ONCE)]

        outcomes = await asyncio.gather(
            *(storage.links.use_for(link.id, user.id) for user in users)
        )

        assert sum(outcomes) == 1
        binding = (await found_link(storage, link.id)).link.binding
        assert binding is not None
        assert binding.user_id == users[outcomes.index(True)].id

    async def test_of_completions_at_once_by_several_links_one_makes_a_user(
        self, storage: Storage
    ) -> None:
        async def complete(link: Link) -> bool:
            user = UserFactory.build(email=link.email)
            async with storage.units.begin() as unit:
                try:
                    await unit.users.add(user, password_hash())
                except EmailTakenError:
                    return False
                is_used = await unit.links.use_for(link.id, user.id)
                await unit.commit()
            return is_used

        for _ in range(ROUNDS):
            asked = UserFactory.build()
            links = [await stored(storage, new_registration(asked)) for _ in range(3)]

            outcomes = await asyncio.gather(*(complete(link) for link in links * 3))

            assert sum(outcomes) == 1
            holder = await storage.users.by_email(asked.email)
            found = [await found_link(storage, link.id) for link in links]
            made = [each.link.binding.user_id for each in found if each.link.binding]
            assert holder is not None
            assert made == [holder.id]
            assert [each.credential and each.credential.user for each in found] == [holder] * 3

    async def test_an_invitation_is_vouched_for_while_its_inviter_is_an_administrator(
        self, storage: Storage
    ) -> None:
        admin = await added_user(storage, role=Role.ADMIN)
        await added_user(storage, role=Role.ADMIN)
        link = await stored(storage, new_invitation(UserFactory.build(), admin, Role.ADMIN))
        vouched = [await storage.links.find(link.id)]

        await storage.users.disable(admin.id, START)
        vouched.append(await storage.links.find(link.id))
        await storage.users.enable(admin.id)
        vouched.append(await storage.links.find(link.id))
        await storage.users.set_role(admin.id, Role.USER)
        vouched.append(await storage.links.find(link.id))

        assert vouched == [
            FoundLink(link=link, credential=None, is_vouched=expected)
            for expected in (True, False, True, False)
        ]

    async def test_an_operators_invitation_is_always_vouched_for(self, storage: Storage) -> None:
        link = await stored(storage, new_invitation(UserFactory.build(), None, Role.ADMIN))
        other = await stored(storage, new_registration(UserFactory.build()))

        assert await storage.links.find(link.id) == FoundLink(
            link=link, credential=None, is_vouched=True
        )
        assert not (await found_link(storage, other.id)).is_vouched
