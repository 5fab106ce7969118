"""What a repository of links promises."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

from latchkey.domain.accounts.user import User
from latchkey.domain.links.link import (
    Binding,
    FoundLink,
    Link,
)
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, address, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.links_to_new_users import NewUserLinks
from latchkey.testing.ports.storage import AT_ONCE, ROUNDS, SECOND, added_user
from latchkey.testing.ports.stored_links import added_link, bound_link, found_link, new_link

MILLISECOND: Final = timedelta(milliseconds=1)


class LinkRepositorySuite(NewUserLinks):
    """All that a repository of links promises. Asks for the fixture `storage`."""

    async def test_a_link_is_found_as_it_was_added(self, storage: Storage) -> None:
        link = await added_link(storage, UserFactory.build())
        other = await added_link(storage, UserFactory.build())

        assert await storage.links.find(link.id) == FoundLink(link=link, credential=None)
        assert await storage.links.find(other.id) == FoundLink(link=other, credential=None)

    async def test_a_link_that_was_used_is_found_as_it_was_added(self, storage: Storage) -> None:
        user = await added_user(storage)
        binding = Binding(user_id=user.id, password_version=7)
        link = replace(new_link(user), binding=binding, result_version=8)
        await storage.links.add(link)

        found = await found_link(storage, link.id)

        assert found.link == link

    async def test_an_unknown_link_is_not_found(self, storage: Storage) -> None:
        await added_link(storage, UserFactory.build())

        assert await storage.links.find(new_link(UserFactory.build()).id) is None

    async def test_a_link_is_bound_to_the_user_who_has_its_address(self, storage: Storage) -> None:
        user, _other = await added_user(storage), await added_user(storage)
        await storage.password_credentials.change_password(user.id, password_hash())
        link, unbound = await added_link(storage, user), await added_link(storage, user)

        await storage.links.bind(link.id)

        binding = Binding(user_id=user.id, password_version=2)
        credential = await storage.password_credentials.by_email(user.email)
        expected = FoundLink(link=replace(link, binding=binding), credential=credential)
        assert await storage.links.find(link.id) == expected
        assert (await found_link(storage, unbound.id)).link == unbound

    async def test_a_link_to_nobody_is_not_bound(self, storage: Storage) -> None:
        await added_user(storage)
        link = await added_link(storage, UserFactory.build())

        await storage.links.bind(link.id)
        await storage.links.bind(new_link(UserFactory.build()).id)

        assert await storage.links.find(link.id) == FoundLink(link=link, credential=None)

    async def test_a_link_to_a_disabled_user_is_not_bound(self, storage: Storage) -> None:
        user = await added_user(storage)
        await storage.users.disable(user.id, START)
        link = await added_link(storage, user)

        await storage.links.bind(link.id)

        assert await storage.links.find(link.id) == FoundLink(link=link, credential=None)

    async def test_a_bound_link_is_not_bound_again(self, storage: Storage) -> None:
        user = await added_user(storage)
        link = await bound_link(storage, user)
        await storage.password_credentials.change_password(user.id, password_hash())

        await storage.links.bind(link.id)

        assert (await found_link(storage, link.id)).link == link

    async def test_a_link_stays_with_its_user_when_the_address_moves(
        self, storage: Storage
    ) -> None:
        user, other = await added_user(storage), await added_user(storage)
        link = await bound_link(storage, user)
        await storage.users.set_email(user.id, address("moved@example.org"))
        await storage.users.set_email(other.id, user.email)

        found = await found_link(storage, link.id)

        assert found.link == link
        assert found.credential is not None
        assert found.credential.user == replace(user, email=address("moved@example.org"))

    async def test_a_link_is_found_with_its_user_as_of_now(self, storage: Storage) -> None:
        user = await added_user(storage)
        link = await bound_link(storage, user)
        await storage.users.disable(user.id, START)
        changed = password_hash()
        await storage.password_credentials.change_password(user.id, changed)

        found = await found_link(storage, link.id)

        assert found.credential is not None
        assert found.credential.user == replace(user, disabled_at=START)
        assert found.credential.password_hash == changed
        assert found.credential.password_version == 2

    async def test_a_link_is_used_once_and_no_other_with_it(self, storage: Storage) -> None:
        user = await added_user(storage)
        link, other = await bound_link(storage, user), await bound_link(storage, user)

        is_used = await storage.links.use(link.id, result_version=2)
        is_used_again = await storage.links.use(link.id, result_version=3)

        assert (is_used, is_used_again) == (True, False)
        assert (await found_link(storage, link.id)).link == replace(link, result_version=2)
        assert (await found_link(storage, other.id)).link == other

    async def test_an_unknown_link_is_not_used(self, storage: Storage) -> None:
        assert not await storage.links.use(new_link(UserFactory.build()).id, result_version=2)

    async def test_of_uses_at_once_one_succeeds(self, storage: Storage) -> None:
        link = await bound_link(storage, await added_user(storage))

        outcomes = await asyncio.gather(
            *(storage.links.use(link.id, result_version=2 + each) for each in range(AT_ONCE))
        )

        assert sum(outcomes) == 1
        version = (await found_link(storage, link.id)).link.result_version
        assert version == 2 + outcomes.index(True)

    async def test_an_addition_and_a_use_are_undone_with_their_unit_of_work(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)
        link, undone = await bound_link(storage, user), new_link(user)

        async with storage.units.begin() as unit:
            await unit.links.add(undone)
            await unit.links.use(link.id, result_version=2)

        assert await storage.links.find(undone.id) is None
        assert (await found_link(storage, link.id)).link == link

    async def test_of_changes_at_once_that_hold_the_user_one_sees_the_version_of_its_link(
        self, storage: Storage
    ) -> None:
        async def change(user: User, link: Link) -> bool:
            async with storage.units.begin() as unit:
                await unit.users.lock(user.id)
                found = await unit.links.find(link.id)
                assert found is not None
                assert found.credential is not None
                if found.credential.password_version != 1:
                    return False
                await unit.password_credentials.change_password(user.id, password_hash())
                await unit.commit()
            return True

        for _ in range(ROUNDS):
            user = await added_user(storage)
            links = [await bound_link(storage, user) for _ in range(3)]

            outcomes = await asyncio.gather(*(change(user, link) for link in links * 3))

            assert sum(outcomes) == 1

    async def test_pruning_deletes_old_links_and_no_others(self, storage: Storage) -> None:
        user = UserFactory.build()
        old, young = (
            await added_link(storage, user),
            await added_link(storage, user, START + SECOND),
        )

        pruned = await storage.links.prune(START + MILLISECOND, limit=9)

        assert pruned == 1
        assert await storage.links.find(old.id) is None
        assert (await found_link(storage, young.id)).link == young

    async def test_pruning_deletes_no_more_than_asked_for(self, storage: Storage) -> None:
        for _ in range(3):
            await added_link(storage, UserFactory.build())

        counts = [await storage.links.prune(START + SECOND, limit=2) for _ in range(3)]

        assert counts == [2, 1, 0]
