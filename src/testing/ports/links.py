"""What a repository of links promises."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from latchkey.domain.accounts.errors import EmailTakenError
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.links.link import (
    FIRST_PASSWORD,
    NO_PASSWORD,
    Binding,
    FoundLink,
    Invitation,
    Link,
)
from latchkey.domain.links.link_token import LinkId, LinkKind
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, address, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import AT_ONCE, ROUNDS, SECOND, added_user
from latchkey.testing.ports.suite import AsyncSuite

HOUR: Final = timedelta(hours=1)
MILLISECOND: Final = timedelta(milliseconds=1)


def new_link(user: User, at: datetime = START) -> Link:
    """Ask for a link to a user's address."""
    return Link.ask(LinkKind.PASSWORD_RESET, user.email, at, HOUR)


async def _added(storage: Storage, user: User, at: datetime = START) -> Link:
    link = new_link(user, at)
    await storage.links.add(link)
    return link


def new_registration(user: User, at: datetime = START) -> Link:
    """Ask for a link that makes a user with this user's address."""
    return Link.ask(LinkKind.REGISTRATION, user.email, at, HOUR)


def new_invitation(user: User, by: User, role: Role = Role.USER, at: datetime = START) -> Link:
    """Invite somebody with this user's address."""
    invitation = Invitation(role=role, by=by.id)
    return Link.ask(LinkKind.INVITATION, user.email, at, HOUR, invitation)


async def _kept(storage: Storage, link: Link) -> Link:
    await storage.links.add(link)
    return link


async def _bound(storage: Storage, user: User) -> Link:
    link = await _added(storage, user)
    await storage.links.bind(link.id)
    return (await _found(storage, link.id)).link


async def _found(storage: Storage, link_id: LinkId) -> FoundLink:
    found = await storage.links.find(link_id)
    assert found is not None
    return found


class LinkRepositorySuite(AsyncSuite):
    """All that a repository of links promises. Asks for the fixture `storage`."""

    async def test_a_link_is_found_as_it_was_added(self, storage: Storage) -> None:
        link = await _added(storage, UserFactory.build())
        other = await _added(storage, UserFactory.build())

        assert await storage.links.find(link.id) == FoundLink(link=link, credential=None)
        assert await storage.links.find(other.id) == FoundLink(link=other, credential=None)

    async def test_a_link_that_was_used_is_found_as_it_was_added(self, storage: Storage) -> None:
        user = await added_user(storage)
        binding = Binding(user_id=user.id, password_version=7)
        link = replace(new_link(user), binding=binding, result_version=8)
        await storage.links.add(link)

        found = await _found(storage, link.id)

        assert found.link == link

    async def test_an_unknown_link_is_not_found(self, storage: Storage) -> None:
        await _added(storage, UserFactory.build())

        assert await storage.links.find(new_link(UserFactory.build()).id) is None

    async def test_a_link_is_bound_to_the_user_who_has_its_address(self, storage: Storage) -> None:
        user, _other = await added_user(storage), await added_user(storage)
        await storage.password_credentials.change_password(user.id, password_hash())
        link, unbound = await _added(storage, user), await _added(storage, user)

        await storage.links.bind(link.id)

        binding = Binding(user_id=user.id, password_version=2)
        credential = await storage.password_credentials.by_email(user.email)
        expected = FoundLink(link=replace(link, binding=binding), credential=credential)
        assert await storage.links.find(link.id) == expected
        assert (await _found(storage, unbound.id)).link == unbound

    async def test_a_link_to_nobody_is_not_bound(self, storage: Storage) -> None:
        await added_user(storage)
        link = await _added(storage, UserFactory.build())

        await storage.links.bind(link.id)
        await storage.links.bind(new_link(UserFactory.build()).id)

        assert await storage.links.find(link.id) == FoundLink(link=link, credential=None)

    async def test_a_link_to_a_disabled_user_is_not_bound(self, storage: Storage) -> None:
        user = await added_user(storage)
        await storage.users.disable(user.id, START)
        link = await _added(storage, user)

        await storage.links.bind(link.id)

        assert await storage.links.find(link.id) == FoundLink(link=link, credential=None)

    async def test_a_bound_link_is_not_bound_again(self, storage: Storage) -> None:
        user = await added_user(storage)
        link = await _bound(storage, user)
        await storage.password_credentials.change_password(user.id, password_hash())

        await storage.links.bind(link.id)

        assert (await _found(storage, link.id)).link == link

    async def test_a_link_stays_with_its_user_when_the_address_moves(
        self, storage: Storage
    ) -> None:
        user, other = await added_user(storage), await added_user(storage)
        link = await _bound(storage, user)
        await storage.users.set_email(user.id, address("moved@example.org"))
        await storage.users.set_email(other.id, user.email)

        found = await _found(storage, link.id)

        assert found.link == link
        assert found.credential is not None
        assert found.credential.user == replace(user, email=address("moved@example.org"))

    async def test_a_link_is_found_with_its_user_as_of_now(self, storage: Storage) -> None:
        user = await added_user(storage)
        link = await _bound(storage, user)
        await storage.users.disable(user.id, START)
        changed = password_hash()
        await storage.password_credentials.change_password(user.id, changed)

        found = await _found(storage, link.id)

        assert found.credential is not None
        assert found.credential.user == replace(user, disabled_at=START)
        assert found.credential.password_hash == changed
        assert found.credential.password_version == 2

    async def test_a_link_is_used_once_and_no_other_with_it(self, storage: Storage) -> None:
        user = await added_user(storage)
        link, other = await _bound(storage, user), await _bound(storage, user)

        is_used = await storage.links.use(link.id, result_version=2)
        is_used_again = await storage.links.use(link.id, result_version=3)

        assert (is_used, is_used_again) == (True, False)
        assert (await _found(storage, link.id)).link == replace(link, result_version=2)
        assert (await _found(storage, other.id)).link == other

    async def test_an_unknown_link_is_not_used(self, storage: Storage) -> None:
        assert not await storage.links.use(new_link(UserFactory.build()).id, result_version=2)

    async def test_of_uses_at_once_one_succeeds(self, storage: Storage) -> None:
        link = await _bound(storage, await added_user(storage))

        outcomes = await asyncio.gather(
            *(storage.links.use(link.id, result_version=2 + each) for each in range(AT_ONCE))
        )

        assert sum(outcomes) == 1
        version = (await _found(storage, link.id)).link.result_version
        assert version == 2 + outcomes.index(True)

    async def test_a_registration_is_found_as_it_was_added_and_never_bound(
        self, storage: Storage
    ) -> None:
        link = await _kept(storage, new_registration(UserFactory.build()))

        await storage.links.bind(link.id)

        assert await storage.links.find(link.id) == FoundLink(link=link, credential=None)

    async def test_a_registration_is_found_with_the_user_who_has_its_address(
        self, storage: Storage
    ) -> None:
        user, _other = await added_user(storage), await added_user(storage)
        link = await _kept(storage, new_registration(user))

        await storage.links.bind(link.id)

        credential = await storage.password_credentials.by_email(user.email)
        assert await storage.links.find(link.id) == FoundLink(link=link, credential=credential)

    async def test_a_disabled_user_has_the_address_of_a_registration_too(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)
        await storage.users.disable(user.id, START)
        link = await _kept(storage, new_registration(user))

        found = await _found(storage, link.id)

        assert found.credential is not None
        assert found.credential.user == replace(user, disabled_at=START)

    async def test_a_registration_that_was_used_stays_with_the_user_it_has_made(
        self, storage: Storage
    ) -> None:
        asked, made = UserFactory.build(), await added_user(storage)
        link = await _kept(storage, new_registration(asked))

        is_used = await storage.links.use_for(link.id, made.id)
        is_used_again = await storage.links.use_for(link.id, asked.id)

        await storage.users.add(asked, password_hash())
        binding = Binding(user_id=made.id, password_version=NO_PASSWORD)
        found = await _found(storage, link.id)
        assert (is_used, is_used_again) == (True, False)
        assert found.link == replace(link, binding=binding, result_version=FIRST_PASSWORD)
        assert found.credential is not None
        assert found.credential.user == made

    async def test_an_unknown_registration_is_not_used(self, storage: Storage) -> None:
        user = UserFactory.build()

        assert not await storage.links.use_for(new_registration(user).id, user.id)

    async def test_of_uses_of_a_registration_at_once_one_succeeds(self, storage: Storage) -> None:
        link = await _kept(storage, new_registration(UserFactory.build()))
        users = [await added_user(storage) for _ in range(AT_ONCE)]

        outcomes = await asyncio.gather(
            *(storage.links.use_for(link.id, user.id) for user in users)
        )

        assert sum(outcomes) == 1
        binding = (await _found(storage, link.id)).link.binding
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
            links = [await _kept(storage, new_registration(asked)) for _ in range(3)]

            outcomes = await asyncio.gather(*(complete(link) for link in links * 3))

            assert sum(outcomes) == 1
            holder = await storage.users.by_email(asked.email)
            found = [await _found(storage, link.id) for link in links]
            made = [each.link.binding.user_id for each in found if each.link.binding]
            assert holder is not None
            assert made == [holder.id]
            assert [each.credential and each.credential.user for each in found] == [holder] * 3

    async def test_an_invitation_is_vouched_for_while_its_inviter_is_an_administrator(
        self, storage: Storage
    ) -> None:
        admin = await added_user(storage, role=Role.ADMIN)
        await added_user(storage, role=Role.ADMIN)
        link = await _kept(storage, new_invitation(UserFactory.build(), admin, Role.ADMIN))
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

    async def test_invitations_of_an_address_with_another_role_are_withdrawn(
        self, storage: Storage
    ) -> None:
        admin, invited = await added_user(storage, role=Role.ADMIN), UserFactory.build()
        upper = replace(invited, email=address(invited.email.text.upper()))
        kept = [
            await _kept(storage, new_invitation(invited, admin, Role.USER)),
            await _kept(storage, new_invitation(UserFactory.build(), admin, Role.ADMIN)),
            await _kept(storage, new_registration(invited)),
        ]
        used = await _kept(storage, new_invitation(invited, admin, Role.ADMIN))
        await storage.links.use_for(used.id, admin.id)
        gone = await _kept(storage, new_invitation(upper, admin, Role.ADMIN))

        await storage.links.withdraw_others(invited.email, Role.USER)

        assert await storage.links.find(gone.id) is None
        assert [(await _found(storage, link.id)).link for link in kept] == kept
        assert (await _found(storage, used.id)).link.result_version == FIRST_PASSWORD

    async def test_an_addition_and_a_use_are_undone_with_their_unit_of_work(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)
        link, undone = await _bound(storage, user), new_link(user)

        async with storage.units.begin() as unit:
            await unit.links.add(undone)
            await unit.links.use(link.id, result_version=2)

        assert await storage.links.find(undone.id) is None
        assert (await _found(storage, link.id)).link == link

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
            links = [await _bound(storage, user) for _ in range(3)]

            outcomes = await asyncio.gather(*(change(user, link) for link in links * 3))

            assert sum(outcomes) == 1

    async def test_pruning_deletes_old_links_and_no_others(self, storage: Storage) -> None:
        user = UserFactory.build()
        old, young = await _added(storage, user), await _added(storage, user, START + SECOND)

        pruned = await storage.links.prune(START + MILLISECOND, limit=9)

        assert pruned == 1
        assert await storage.links.find(old.id) is None
        assert (await _found(storage, young.id)).link == young

    async def test_pruning_deletes_no_more_than_asked_for(self, storage: Storage) -> None:
        for _ in range(3):
            await _added(storage, UserFactory.build())

        counts = [await storage.links.prune(START + SECOND, limit=2) for _ in range(3)]

        assert counts == [2, 1, 0]
