"""What a search for users promises."""

from typing import Final

import pytest

from latchkey.domain.accounts.user import User
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, address, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.suite import AsyncSuite

PEOPLE: Final = {
    "ada": ("Ada@example.org", "Ada Lovelace"),
    "adam": ("adam@example.org", "Zo\u00eb"),
    "bob": ("bob@example.org", "ADA of another name"),
    "carl": ("carl@example.org", "\u00c4da"),
    "dora": ("dora@example.org", "Dora Ada"),
    "adz": ("adz@example.org", "Someone"),
}


async def _added(storage: Storage) -> dict[str, User]:
    """Keep people in another order than that of a search."""
    users = {
        name: UserFactory.build(email=address(email), name=shown)
        for name, (email, shown) in PEOPLE.items()
    }
    for name in sorted(users, reverse=True):
        await storage.users.add(users[name], password_hash())
    return users


class UserSearchSuite(AsyncSuite):
    """All that a search for users promises. Asks for the fixture `storage`."""

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("ada", ["ada", "adam", "bob"]),
            ("ADA", ["ada", "adam", "bob"]),
            ("ada@", ["ada"]),
            ("Ada L", ["ada"]),
            ("adam@example.org", ["adam"]),
            ("zo\u00eb", ["adam"]),
            ("\u00c4", ["carl"]),
            ("\u00e4", []),
            ("ad", ["ada", "adam", "adz", "bob"]),
            ("d", ["dora"]),
            ("adb", []),
            ("%", []),
            ("_da", []),
        ],
    )
    async def test_users_are_found_by_the_beginning_of_their_address_or_name(
        self, storage: Storage, text: str, names: list[str]
    ) -> None:
        users = await _added(storage)

        found = await storage.user_search.beginning(text, limit=100)

        assert found == tuple(users[name] for name in names)

    @pytest.mark.parametrize("limit", [1, 2, 3])
    async def test_no_more_users_are_found_than_are_wanted(
        self, storage: Storage, limit: int
    ) -> None:
        users = await _added(storage)

        found = await storage.user_search.beginning("ada", limit=limit)

        assert found == (users["ada"], users["adam"], users["bob"])[:limit]

    async def test_users_of_one_name_are_found_in_the_order_of_their_ids(
        self, storage: Storage
    ) -> None:
        users = [UserFactory.build(name="Same Name") for _ in range(5)]
        for user in reversed(users):
            await storage.users.add(user, password_hash())

        found = await storage.user_search.beginning("same", limit=4)

        assert found == tuple(sorted(users, key=lambda user: user.id)[:4])

    async def test_disabled_users_are_found_too(self, storage: Storage) -> None:
        users = await _added(storage)
        disabled = await storage.users.disable(users["dora"].id, START)

        assert await storage.user_search.beginning("dora", limit=1) == (disabled,)

    @pytest.mark.parametrize("text", ["dora", "erased:"])
    async def test_users_who_were_erased_are_not_found(self, storage: Storage, text: str) -> None:
        users = await _added(storage)
        await storage.erasure.erase(users["dora"].id, START)

        assert await storage.user_search.beginning(text, limit=100) == ()
