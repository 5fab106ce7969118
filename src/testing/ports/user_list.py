"""What a repository of users promises about the list of all users."""

from dataclasses import replace
from datetime import datetime

import pytest

from latchkey.domain.accounts.user import Role, User
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.lists import BETWEEN, BY_PLACE, INSTANTS, LIMITS, read_all, rows_of
from latchkey.testing.ports.storage import (
    MICROSECOND,
    SECOND,
    UTC_ONLY,
    added_user,
    offsets,
    out_of_order,
)
from latchkey.testing.ports.suite import AsyncSuite


async def _added_users(storage: Storage, *instants: datetime) -> tuple[User, ...]:
    users = [UserFactory.build(created_at=instant) for instant in instants]
    for user in out_of_order(users):
        await storage.users.add(user, password_hash())
    return tuple(sorted(users, key=BY_PLACE, reverse=True))


class UserListSuite(AsyncSuite):
    """Users are listed page by page, newest first."""

    async def test_no_users_are_one_empty_page(self, storage: Storage) -> None:
        page = await storage.users.page(after=None, limit=1)

        assert page == Page(items=(), next=None)

    @pytest.mark.parametrize("limit", LIMITS)
    async def test_pages_of_users_skip_and_repeat_nobody(
        self, storage: Storage, limit: int
    ) -> None:
        users = await _added_users(storage, *INSTANTS)

        pages = await read_all(lambda after: storage.users.page(after=after, limit=limit))

        assert rows_of(pages) == users
        assert {len(page.items) for page in pages[:-1]} <= {limit}
        assert 1 <= len(pages[-1].items) <= limit

    async def test_a_page_of_users_goes_on_after_its_last_row(self, storage: Storage) -> None:
        users = await _added_users(storage, *INSTANTS)

        page = await storage.users.page(after=None, limit=2)

        assert page.next == Position(created_at=users[1].created_at, id=users[1].id)

    async def test_users_who_come_meanwhile_move_no_page(self, storage: Storage) -> None:
        users = await _added_users(storage, *INSTANTS)
        first = await storage.users.page(after=None, limit=3)
        await _added_users(storage, START + 2 * SECOND, START + SECOND + MICROSECOND)

        second = await storage.users.page(after=first.next, limit=100)

        assert first.items + second.items == users

    async def test_a_page_begins_anywhere(self, storage: Storage) -> None:
        users = await _added_users(storage, *INSTANTS)

        page = await storage.users.page(after=BETWEEN, limit=100)

        assert page.items == tuple(user for user in users if user.created_at < BETWEEN.created_at)

    async def test_a_hundred_users_fit_on_a_page(self, storage: Storage) -> None:
        users = await _added_users(storage, *(START + each * SECOND for each in range(101)))

        pages = await read_all(lambda after: storage.users.page(after=after, limit=100))

        assert [page.items for page in pages] == [users[:100], users[100:]]

    async def test_users_of_any_role_are_listed_and_disabled_ones_too(
        self, storage: Storage
    ) -> None:
        admin, user = await added_user(storage, role=Role.ADMIN), await added_user(storage)
        await storage.users.disable(user.id, START)

        page = await storage.users.page(after=None, limit=2)

        assert page.items == (replace(user, disabled_at=START), admin)
        assert offsets(*(listed.created_at for listed in page.items)) == UTC_ONLY
