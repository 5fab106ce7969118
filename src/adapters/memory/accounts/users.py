"""Users in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from typing_extensions import override

from latchkey.adapters.memory.page import page
from latchkey.adapters.memory.tables import Access, Tables
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.errors import (
    AlreadyBootstrappedError,
    EmailTakenError,
    LastAdminError,
)
from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.accounts.password_credential import (
    PasswordCredential,
)
from latchkey.domain.accounts.user import Role, User, UserId, UserRepository
from latchkey.domain.kernel.page import Page, Position


class MemoryUserRepository(UserRepository):
    """Finds users by an index of canonical addresses."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def by_email(self, email: EmailAddress) -> User | None:
        tables = await self._access.read()
        account = tables.account_of(email)
        return account.user if account else None

    @override
    async def find(self, user_id: UserId) -> User | None:
        tables = await self._access.read()
        account = tables.living(user_id)
        return account.user if account else None

    @override
    async def page(self, *, after: Position | None, limit: int) -> Page[User]:
        tables = await self._access.read()
        users = (account.user for account in tables.accounts.rows())
        listed = (user for user in users if not user.is_erased)
        return page(listed, after=after, limit=limit)

    @override
    async def add(self, user: User, password_hash: PasswordHash) -> None:
        async with self._access.change() as tables:
            _add(tables, user, password_hash)

    @override
    async def add_first_admin(self, user: User, password_hash: PasswordHash) -> None:
        async with self._access.change() as tables:
            if any(account.user.role is Role.ADMIN for account in tables.accounts.rows()):
                raise AlreadyBootstrappedError
            _add(tables, user, password_hash)

    @override
    async def lock(self, user_id: UserId) -> None:
        await self._access.read()  # a unit of work is the only writer anyway

    @override
    async def lock_administration(self) -> None:
        await self._access.read()  # a unit of work is the only writer anyway

    @override
    async def set_email(self, user_id: UserId, email: EmailAddress) -> bool:
        async with self._access.change() as tables:
            account = tables.living(user_id)
            if account is None:
                return False
            if tables.emails.get(email.canonical) not in {None, user_id}:
                raise EmailTakenError
            tables.emails.put(account.user.email.canonical, None)
            tables.emails.put(email.canonical, user_id)
            user = replace(account.user, email=email)
            tables.accounts.put(user_id, replace(account, user=user))
            return True

    @override
    async def set_name(self, user_id: UserId, name: str) -> bool:
        return await self._change(user_id, lambda user: replace(user, name=name)) is not None

    @override
    async def set_role(self, user_id: UserId, role: Role) -> User | None:
        return await self._change(user_id, lambda user: replace(user, role=role))

    @override
    async def disable(self, user_id: UserId, at: datetime) -> User | None:
        return await self._change(
            user_id, lambda user: replace(user, disabled_at=user.disabled_at or at)
        )

    @override
    async def enable(self, user_id: UserId) -> User | None:
        return await self._change(user_id, lambda user: replace(user, disabled_at=None))

    async def _change(self, user_id: UserId, change: Callable[[User], User]) -> User | None:
        async with self._access.change() as tables:
            account = tables.living(user_id)
            if account is None:
                return None
            user = change(account.user)
            if not _is_admin(user):
                keep_another_admin(tables, account.user)
            tables.accounts.put(user_id, replace(account, user=user))
            return user


def _is_admin(user: User) -> bool:
    return user.role is Role.ADMIN and not user.is_disabled


def keep_another_admin(tables: Tables, user: User) -> None:
    """Check that a user is not the only enabled administrator.

    Raises:
        LastAdminError: They are.
    """
    users = (account.user for account in tables.accounts.rows())
    if _is_admin(user) and not any(_is_admin(other) and other.id != user.id for other in users):
        raise LastAdminError


def _add(tables: Tables, user: User, password_hash: PasswordHash) -> None:
    if tables.account_of(user.email) is not None:
        raise EmailTakenError
    tables.emails.put(user.email.canonical, user.id)
    tables.accounts.put(
        user.id, PasswordCredential(user=user, password_hash=password_hash, password_version=1)
    )
