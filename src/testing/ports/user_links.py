"""What a repository of the links of one user promises."""

import asyncio
from dataclasses import replace

from latchkey.domain.links.link import FoundLink
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, address
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import AT_ONCE, ROUNDS, SECOND, added_user
from latchkey.testing.ports.stored_links import (
    bound_link,
    found_link,
    new_email_change,
    new_registration,
    stored,
)
from latchkey.testing.ports.suite import AsyncSuite

WANTED = address("Wanted@Bücher.example")


class UserLinkRepositorySuite(AsyncSuite):
    """All that a repository of a user's links promises. Asks for the fixture `storage`."""

    async def test_a_link_to_another_address_is_found_with_its_user(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        link = await stored(storage, new_email_change(user, WANTED))

        found = await storage.user_links.change_of(user.id)

        credential = await storage.password_credentials.by_email(user.email)
        assert found == FoundLink(link=link, credential=credential)
        assert found == await storage.links.find(link.id)
        assert await storage.user_links.change_of(other.id) is None

    async def test_a_link_to_the_address_of_another_user_stays_with_its_own(
        self, storage: Storage
    ) -> None:
        user, holder = await added_user(storage), await added_user(storage)
        link = await stored(storage, new_email_change(user, holder.email))

        await storage.links.bind(link.id)

        found = await found_link(storage, link.id)
        assert found.link == link
        assert found.credential is not None
        assert found.credential.user == user
        assert await storage.user_links.change_of(holder.id) is None

    async def test_the_newest_link_is_found(self, storage: Storage) -> None:
        user = await added_user(storage)
        await stored(storage, new_email_change(user, WANTED))
        newest = await stored(storage, new_email_change(user, WANTED, START + SECOND))
        await stored(storage, new_email_change(user, WANTED, START - SECOND))

        found = await storage.user_links.change_of(user.id)

        assert found is not None
        assert found.link == newest

    async def test_a_link_that_was_used_is_not_found(self, storage: Storage) -> None:
        user = await added_user(storage)
        open_link = await stored(storage, new_email_change(user, WANTED))
        used = await stored(storage, new_email_change(user, WANTED, START + SECOND))
        await storage.links.use(used.id, result_version=1)

        found = await storage.user_links.change_of(user.id)

        assert found is not None
        assert found.link == open_link

    async def test_links_of_other_kinds_are_not_found(self, storage: Storage) -> None:
        user = await added_user(storage)
        await bound_link(storage, user)
        await stored(storage, new_registration(user))

        assert await storage.user_links.change_of(user.id) is None

    async def test_all_open_changes_of_a_user_are_withdrawn_and_nothing_else(
        self, storage: Storage
    ) -> None:
        user, other = await added_user(storage), await added_user(storage)
        gone = [await stored(storage, new_email_change(user, WANTED)) for _ in range(2)]
        used = await stored(storage, new_email_change(user, WANTED))
        await storage.links.use(used.id, result_version=1)
        kept = [
            await stored(storage, new_email_change(other, WANTED)),
            await bound_link(storage, user),
            await stored(storage, new_registration(user)),
        ]

        withdrawn = [await storage.user_links.withdraw_changes(user.id) for _ in range(2)]

        assert withdrawn == [True, False]
        assert [await storage.links.find(link.id) for link in gone] == [None, None]
        assert [(await found_link(storage, link.id)).link for link in kept] == kept
        assert (await found_link(storage, used.id)).link == replace(used, result_version=1)

    async def test_nothing_of_an_unknown_user_is_found_or_withdrawn(self, storage: Storage) -> None:
        unknown = UserFactory.build()

        assert await storage.user_links.change_of(unknown.id) is None
        assert not await storage.user_links.withdraw_changes(unknown.id)

    async def test_a_withdrawal_is_undone_with_its_unit_of_work(self, storage: Storage) -> None:
        user = await added_user(storage)
        link = await stored(storage, new_email_change(user, WANTED))

        async with storage.units.begin() as unit:
            await unit.user_links.withdraw_changes(user.id)

        assert (await found_link(storage, link.id)).link == link

    async def test_of_requests_at_once_that_hold_the_user_one_link_is_left(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)

        async def ask() -> None:
            async with storage.units.begin() as unit:
                await unit.users.lock(user.id)
                await unit.user_links.withdraw_changes(user.id)
                await unit.links.add(new_email_change(user, WANTED))
                await unit.commit()

        await asyncio.gather(*(ask() for _ in range(AT_ONCE)))

        assert await storage.user_links.change_of(user.id) is not None
        await storage.user_links.withdraw_changes(user.id)
        assert await storage.links.prune(START + SECOND, limit=9) == 0

    async def test_a_use_and_a_withdrawal_at_once_have_one_effect(self, storage: Storage) -> None:
        for _ in range(ROUNDS):
            user = await added_user(storage)
            link = await stored(storage, new_email_change(user, WANTED))

            is_withdrawn, is_used = await asyncio.gather(
                storage.user_links.withdraw_changes(user.id),
                storage.links.use(link.id, result_version=1),
            )

            assert is_used is not is_withdrawn
            assert (await storage.links.find(link.id) is None) is is_withdrawn

    async def test_all_links_of_a_user_are_deleted_and_nothing_else(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        gone = [
            await stored(storage, new_email_change(user, WANTED)),
            await bound_link(storage, user),
            await stored(storage, new_registration(UserFactory.build())),
        ]
        await storage.links.use(gone[1].id, result_version=2)
        await storage.links.use_for(gone[2].id, user.id)
        kept = [
            await stored(storage, new_email_change(other, user.email)),
            await bound_link(storage, other),
            await stored(storage, new_registration(user)),
        ]

        await storage.user_links.delete_all(user.id)

        assert [await storage.links.find(link.id) for link in gone] == [None] * 3
        assert [(await found_link(storage, link.id)).link for link in kept] == kept
