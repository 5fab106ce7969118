"""What a repository of invitations promises."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from latchkey.domain.accounts.user import Role, User
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.links.link import FIRST_PASSWORD, Link
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, address, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.lists import read_all, rows_of
from latchkey.testing.ports.storage import AT_ONCE, SECOND, added_user, out_of_order
from latchkey.testing.ports.stored_links import (
    found_link,
    new_invitation,
    new_registration,
    stored,
)
from latchkey.testing.ports.suite import AsyncSuite

NOW = START + timedelta(minutes=1)


async def _listed(
    storage: Storage, *, now: datetime = NOW, after: Position | None = None, limit: int = 100
) -> Page[Link]:
    return await storage.invitations.page(now=now, after=after, limit=limit)


async def _invited(storage: Storage, invited: User | None = None, at: datetime = START) -> Link:
    """Invite somebody, as an administrator who need not exist any more."""
    return await stored(storage, new_invitation(invited or UserFactory.build(), INVITER, at=at))


INVITER = UserFactory.build(role=Role.ADMIN)


class InvitationRepositorySuite(AsyncSuite):
    """All that a repository of invitations promises. Asks for the fixture `storage`."""

    async def test_no_invitations_are_one_empty_page(self, storage: Storage) -> None:
        await stored(storage, new_registration(UserFactory.build()))

        assert await _listed(storage) == Page(items=(), next=None)

    async def test_invitations_are_listed_as_they_are_newest_first(self, storage: Storage) -> None:
        instants = [START + index * SECOND for index in range(7)]
        links = [await _invited(storage, at=at) for at in out_of_order(instants)]

        page = await _listed(storage)

        assert page.items == tuple(sorted(links, key=lambda link: link.id, reverse=True))

    @pytest.mark.parametrize("limit", [1, 2, 3, 6, 7])
    async def test_pages_have_every_invitation_once(self, storage: Storage, limit: int) -> None:
        links = [await _invited(storage, at=START + index * SECOND) for index in range(7)]

        pages = await read_all(lambda after: _listed(storage, after=after, limit=limit))

        assert rows_of(pages) == tuple(reversed(links))
        assert all(1 <= len(page.items) <= limit for page in pages)
        assert len(pages) == -(-7 // limit)

    async def test_an_invitation_is_listed_until_it_expires(self, storage: Storage) -> None:
        link = await _invited(storage)

        before = await _listed(storage, now=link.expires_at - SECOND)
        then = await _listed(storage, now=link.expires_at)

        assert (before.items, then.items) == ((link,), ())

    async def test_an_invitation_that_was_used_is_not_listed(self, storage: Storage) -> None:
        link, user = await _invited(storage), await added_user(storage)
        await storage.links.use_for(link.id, user.id)

        assert (await _listed(storage)).items == ()

    async def test_an_invitation_of_a_user_is_not_listed(self, storage: Storage) -> None:
        user = await added_user(storage)
        await storage.users.disable(user.id, START)
        await _invited(storage, replace(user, email=address(user.email.text.upper())))
        other = await _invited(storage)

        assert (await _listed(storage)).items == (other,)

    async def test_of_several_invitations_to_an_address_the_newest_is_listed(
        self, storage: Storage
    ) -> None:
        invited = UserFactory.build()
        upper = replace(invited, email=address(invited.email.text.upper()))
        await _invited(storage, invited)
        newest = await _invited(storage, upper, at=START + SECOND)
        other = await _invited(storage, at=START - SECOND)

        pages = await read_all(lambda after: _listed(storage, after=after, limit=1))

        assert rows_of(pages) == (newest, other)

    async def test_a_newer_invitation_that_has_ended_hides_none(self, storage: Storage) -> None:
        invited, user = UserFactory.build(), await added_user(storage)
        link = await _invited(storage, invited)
        short = replace(
            new_invitation(invited, INVITER, at=START + SECOND), expires_at=START + 2 * SECOND
        )
        await stored(storage, short)
        used = await _invited(storage, invited, at=START + SECOND)
        await storage.links.use_for(used.id, user.id)

        assert (await _listed(storage)).items == (link,)

    async def test_an_invitation_is_withdrawn_with_all_others_to_its_address(
        self, storage: Storage
    ) -> None:
        invited = UserFactory.build()
        upper = replace(invited, email=address(invited.email.text.upper()))
        kept = [await _invited(storage), await stored(storage, new_registration(invited))]
        gone = [await _invited(storage, upper), await _invited(storage, invited)]

        email = await storage.invitations.withdraw(gone[1].id)

        assert email == gone[1].email
        assert [await storage.links.find(link.id) for link in gone] == [None, None]
        assert [(await found_link(storage, link.id)).link for link in kept] == kept
        assert await storage.invitations.withdraw(gone[0].id) is None

    async def test_an_invitation_that_was_used_is_not_withdrawn(self, storage: Storage) -> None:
        invited, user = UserFactory.build(), await added_user(storage)
        used, other = await _invited(storage, invited), await _invited(storage, invited)
        await storage.links.use_for(used.id, user.id)

        email = await storage.invitations.withdraw(used.id)

        assert email is None
        assert (await found_link(storage, used.id)).link.result_version == FIRST_PASSWORD
        assert (await found_link(storage, other.id)).link == other

    async def test_a_used_invitation_stays_when_another_is_withdrawn(
        self, storage: Storage
    ) -> None:
        invited, user = UserFactory.build(), await added_user(storage)
        used, other = await _invited(storage, invited), await _invited(storage, invited)
        await storage.links.use_for(used.id, user.id)

        await storage.invitations.withdraw(other.id)

        assert await storage.links.find(other.id) is None
        assert (await found_link(storage, used.id)).link.result_version == FIRST_PASSWORD

    async def test_only_invitations_are_withdrawn(self, storage: Storage) -> None:
        link = await stored(storage, new_registration(UserFactory.build()))

        assert await storage.invitations.withdraw(link.id) is None
        assert (await found_link(storage, link.id)).link == link

    async def test_of_withdrawals_at_once_one_withdraws(self, storage: Storage) -> None:
        link = await _invited(storage)

        outcomes = await asyncio.gather(
            *(storage.invitations.withdraw(link.id) for _ in range(AT_ONCE))
        )

        assert [email for email in outcomes if email] == [link.email]

    async def test_an_invitation_is_either_used_or_withdrawn(self, storage: Storage) -> None:
        async def use(link: Link) -> bool:
            user = UserFactory.build(email=link.email)
            async with storage.units.begin() as unit:
                await unit.users.add(user, password_hash())
                is_used = await unit.links.use_for(link.id, user.id)
                if is_used:
                    await unit.commit()
            return is_used

        for _ in range(AT_ONCE):
            link = await _invited(storage)

            is_used, email = await asyncio.gather(use(link), storage.invitations.withdraw(link.id))

            assert is_used == (email is None)
            assert is_used == (await storage.users.by_email(link.email) is not None)

    async def test_invitations_of_an_address_with_another_role_are_withdrawn(
        self, storage: Storage
    ) -> None:
        admin, invited = await added_user(storage, role=Role.ADMIN), UserFactory.build()
        upper = replace(invited, email=address(invited.email.text.upper()))
        kept = [
            await stored(storage, new_invitation(invited, admin, Role.USER)),
            await stored(storage, new_invitation(UserFactory.build(), admin, Role.ADMIN)),
            await stored(storage, new_registration(invited)),
        ]
        used = await stored(storage, new_invitation(invited, admin, Role.ADMIN))
        await storage.links.use_for(used.id, admin.id)
        gone = await stored(storage, new_invitation(upper, admin, Role.ADMIN))

        await storage.invitations.withdraw_others(invited.email, Role.USER)

        assert await storage.links.find(gone.id) is None
        assert [(await found_link(storage, link.id)).link for link in kept] == kept
        assert (await found_link(storage, used.id)).link.result_version == FIRST_PASSWORD
