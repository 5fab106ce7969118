"""What the erasure of users promises."""

import asyncio

import pytest

from latchkey.domain.accounts.erasure import NO_PASSWORD_HASH
from latchkey.domain.accounts.errors import LastAdminError
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.links.link import Link
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.storage import Storage
from latchkey.testing.factories import OrderFactory, UserFactory, address, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import (
    AT_ONCE,
    ROUNDS,
    SECOND,
    added_user,
    found_session,
    opened_session,
)
from latchkey.testing.ports.stored_links import bound_link, found_link
from latchkey.testing.ports.suite import AsyncSuite


async def _listed(storage: Storage) -> list[User]:
    page = await storage.users.page(after=None, limit=100)
    return list(page.items)


async def _credential_of(storage: Storage, link: Link) -> PasswordCredential:
    """Return what is left of the user of a link."""
    credential = (await found_link(storage, link.id)).credential
    assert credential is not None
    return credential


class UserErasureSuite(AsyncSuite):
    """All that the erasure of users promises. Asks for the fixture `storage`."""

    async def test_an_erased_user_is_neither_found_nor_listed(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)

        assert await storage.erasure.erase(user.id, START)

        assert await storage.users.by_email(user.email) is None
        assert await storage.password_credentials.by_email(user.email) is None
        assert await _listed(storage) == [other]
        assert await storage.users.by_email(other.email) == other

    async def test_what_refers_to_an_erased_user_keeps_the_id_and_nothing_else(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)
        order = OrderFactory.build(user_id=user.id)
        await storage.orders.add(order)
        token = (await opened_session(storage, user)).token
        link = await bound_link(storage, user)

        await storage.erasure.erase(user.id, START + SECOND)

        erased = user.erased(START + SECOND)
        credential = await _credential_of(storage, link)
        assert (erased.email.text, erased.name) == ("", "")
        assert (await found_session(storage, token)).user == erased
        assert credential.user == erased
        assert (credential.password_hash, credential.password_version) == (NO_PASSWORD_HASH, 2)
        page = await storage.orders.page_of(user.id, after=None, limit=9)
        assert list(page.items) == [order]

    async def test_a_disabled_user_stays_disabled_since_then(self, storage: Storage) -> None:
        user = await added_user(storage)
        link = await bound_link(storage, user)
        await storage.users.disable(user.id, START)

        await storage.erasure.erase(user.id, START + SECOND)

        assert (await _credential_of(storage, link)).user.disabled_at == START

    async def test_the_address_is_free_at_once(self, storage: Storage) -> None:
        user = await added_user(storage)
        await storage.erasure.erase(user.id, START)
        other = UserFactory.build(email=user.email)

        await storage.users.add(other, password_hash())

        assert await storage.users.by_email(user.email) == other

    async def test_a_user_is_erased_once(self, storage: Storage) -> None:
        user, unknown = await added_user(storage), UserFactory.build()

        erased = [await storage.erasure.erase(user.id, START) for _ in range(2)]

        assert erased == [True, False]
        assert not await storage.erasure.erase(unknown.id, START)

    async def test_an_erased_user_cannot_be_changed(self, storage: Storage) -> None:
        user = await added_user(storage)
        link = await bound_link(storage, user)
        await storage.erasure.erase(user.id, START)

        outcomes = [
            await storage.users.enable(user.id),
            await storage.users.disable(user.id, START + SECOND),
            await storage.users.set_role(user.id, Role.ADMIN),
            await storage.password_credentials.change_password(user.id, password_hash()),
        ]

        assert outcomes == [None] * 4
        assert not await storage.users.set_email(user.id, address("again@example.org"))
        assert not await storage.users.set_name(user.id, "Ada")
        assert (await _credential_of(storage, link)).user == user.erased(START)

    async def test_an_erasure_is_undone_with_its_unit_of_work(self, storage: Storage) -> None:
        user = await added_user(storage)

        async with storage.units.begin() as unit:
            await unit.erasure.erase(user.id, START)

        assert await storage.users.by_email(user.email) == user

    @pytest.mark.parametrize("other", ["nobody", "user", "disabled"])
    async def test_the_only_enabled_administrator_is_not_erased(
        self, storage: Storage, other: str
    ) -> None:
        admin = await added_user(storage, role=Role.ADMIN)
        if other != "nobody":
            second = await added_user(storage, role=Role.USER if other == "user" else Role.ADMIN)
            if other == "disabled":
                await storage.users.disable(second.id, START)

        with pytest.raises(LastAdminError):
            await storage.erasure.erase(admin.id, START)

        assert await storage.users.by_email(admin.email) == admin

    async def test_an_administrator_is_erased_while_there_is_another(
        self, storage: Storage
    ) -> None:
        admin, other = [await added_user(storage, role=Role.ADMIN) for _ in range(2)]

        assert await storage.erasure.erase(admin.id, START)

        with pytest.raises(LastAdminError):
            await storage.erasure.erase(other.id, START)

    async def test_of_all_administrators_at_once_one_is_left(self, storage: Storage) -> None:
        async def erase(admin: User) -> bool:
            async with storage.units.begin() as unit:
                await unit.users.lock_administration()
                await unit.users.lock(admin.id)
                try:
                    is_erased = await unit.erasure.erase(admin.id, START)
                except LastAdminError:
                    return False
                await unit.commit()
            return is_erased

        left: list[User] = []
        for _ in range(ROUNDS):
            admins = left + [await added_user(storage, role=Role.ADMIN) for _ in range(3)]

            outcomes = await asyncio.gather(*(erase(admin) for admin in admins))

            assert outcomes.count(False) == 1
            left = [admins[outcomes.index(False)]]
            assert await _listed(storage) == left

    async def test_of_erasures_of_one_user_at_once_one_succeeds(self, storage: Storage) -> None:
        user = await added_user(storage)

        outcomes = await asyncio.gather(
            *(storage.erasure.erase(user.id, START) for _ in range(AT_ONCE))
        )

        assert sum(outcomes) == 1

    async def test_the_sessions_of_an_erased_user_can_be_ended(self, storage: Storage) -> None:
        user = await added_user(storage)
        token = (await opened_session(storage, user)).token
        async with storage.units.begin() as unit:
            await unit.erasure.erase(user.id, START)
            await unit.sessions.end_all(user.id, EndReason.ACCOUNT_DELETED)
            await unit.commit()

        found = await found_session(storage, token)

        assert found.session.end_reason is EndReason.ACCOUNT_DELETED
        assert found.user == user.erased(START)
