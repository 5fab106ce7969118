"""Users in PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, func, insert, literal_column, null, select, update
from typing_extensions import override

from latchkey.adapters.postgres.accounts.rows import NOT_ERASED, USER, user_of
from latchkey.adapters.postgres.accounts.tables import USERS_EMAIL_KEY, users
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.paging import first_page, next_page, page_of
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.errors import (
    AlreadyBootstrappedError,
    EmailTakenError,
    LastAdminError,
)
from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.accounts.user import Role, User, UserId, UserRepository
from latchkey.domain.kernel.page import Page, Position

_ADMINISTRATION: Final[ColumnElement[int]] = literal_column("7020395371")  # used for nothing else

_ADMIN: Final[ColumnElement[str]] = literal_column(f"'{Role.ADMIN}'")

_LISTED = select(*USER).where(NOT_ERASED)
BY_EMAIL: Final = Statement(
    select(*USER).where(users.c.email_canonical == bindparam("email")), is_read=True
)
BY_ID: Final = Statement(_LISTED.where(users.c.id == bindparam("user_id")), is_read=True)
FIRST_PAGE: Final = Statement(first_page(_LISTED, users.c.created_at, users.c.id), is_read=True)
NEXT_PAGE: Final = Statement(next_page(_LISTED, users.c.created_at, users.c.id), is_read=True)
_IF_TAKEN: Final = {USERS_EMAIL_KEY: EmailTakenError}
_ADD: Final = Statement(insert(users), constraint_errors=_IF_TAKEN)
LOCK_ADMINISTRATION: Final = Statement(select(func.pg_advisory_xact_lock(_ADMINISTRATION)))
_ANY_OF_ROLE: Final = Statement(
    select(users.c.id).where(users.c.role == bindparam("role")).limit(literal_column("1"))
)
_others = users.alias("others")
IS_LAST_ADMIN: Final = Statement(
    select(users.c.id).where(
        users.c.id == bindparam("user_id"),
        users.c.role == _ADMIN,
        users.c.disabled_at.is_(None),
        ~select(_others.c.id)
        .where(
            _others.c.role == _ADMIN, _others.c.disabled_at.is_(None), _others.c.id != users.c.id
        )
        .exists(),
    )
)
_LOCK: Final = Statement(
    select(users.c.id).where(users.c.id == bindparam("user_id")).with_for_update(key_share=True)
)
_OF_USER: Final = (
    update(users).where(users.c.id == bindparam("user_id"), NOT_ERASED).returning(*USER)
)
_SET_EMAIL: Final = Statement(
    _OF_USER.values(
        email=bindparam("text", type_=users.c.email.type),
        email_canonical=bindparam("canonical", type_=users.c.email_canonical.type),
    ),
    constraint_errors=_IF_TAKEN,
)
_SET_NAME: Final = Statement(_OF_USER.values(name=bindparam("new_name", type_=users.c.name.type)))
_SET_ROLE: Final = Statement(_OF_USER.values(role=bindparam("new_role", type_=users.c.role.type)))
_DISABLE: Final = Statement(
    _OF_USER.values(
        disabled_at=func.coalesce(
            users.c.disabled_at, bindparam("at", type_=users.c.disabled_at.type)
        )
    )
)
_ENABLE: Final = Statement(_OF_USER.values(disabled_at=null()))


class PostgresUserRepository(UserRepository):
    """Relies on a unique index to decide which of concurrent calls gets an address."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def by_email(self, email: EmailAddress) -> User | None:
        row = await self._access.row(BY_EMAIL, email=email.canonical)
        return user_of(row) if row else None

    @override
    async def find(self, user_id: UserId) -> User | None:
        row = await self._access.row(BY_ID, user_id=user_id)
        return user_of(row) if row else None

    @override
    async def page(self, *, after: Position | None, limit: int) -> Page[User]:
        if after is None:
            rows = await self._access.rows(FIRST_PAGE, limit=limit + 1)
        else:
            rows = await self._access.rows(
                NEXT_PAGE, after_at=after.created_at, after_id=after.id, limit=limit + 1
            )
        return page_of([user_of(row) for row in rows], limit)

    @override
    async def add(self, user: User, password_hash: PasswordHash) -> None:
        await _add(self._access, user, password_hash)

    @override
    async def add_first_admin(self, user: User, password_hash: PasswordHash) -> None:
        async with self._access.transaction() as transaction:
            await transaction.row(LOCK_ADMINISTRATION)
            if await transaction.row(_ANY_OF_ROLE, role=Role.ADMIN):
                raise AlreadyBootstrappedError
            await _add(transaction, user, password_hash)
            if self._access.is_autocommit:
                await transaction.commit()

    @override
    async def lock(self, user_id: UserId) -> None:
        await self._access.row(_LOCK, user_id=user_id)

    @override
    async def lock_administration(self) -> None:
        await self._access.row(LOCK_ADMINISTRATION)

    @override
    async def set_email(self, user_id: UserId, email: EmailAddress) -> bool:
        row = await self._access.row(
            _SET_EMAIL, user_id=user_id, text=email.text, canonical=email.canonical
        )
        return row is not None

    @override
    async def set_name(self, user_id: UserId, name: str) -> bool:
        return await self._access.row(_SET_NAME, user_id=user_id, new_name=name) is not None

    @override
    async def set_role(self, user_id: UserId, role: Role) -> User | None:
        async with self._changing_admins(user_id, is_checked=role is not Role.ADMIN) as access:
            return await _change(access, _SET_ROLE, user_id=user_id, new_role=role)

    @override
    async def disable(self, user_id: UserId, at: datetime) -> User | None:
        async with self._changing_admins(user_id) as access:
            return await _change(access, _DISABLE, user_id=user_id, at=at)

    @override
    async def enable(self, user_id: UserId) -> User | None:
        return await _change(self._access, _ENABLE, user_id=user_id)

    @asynccontextmanager
    async def _changing_admins(
        self, user_id: UserId, *, is_checked: bool = True
    ) -> AsyncIterator[Access]:
        """Provide the access for a change after which another administrator has to be left."""
        async with self._access.transaction() as transaction:
            await transaction.row(LOCK_ADMINISTRATION)
            if is_checked and await transaction.row(IS_LAST_ADMIN, user_id=user_id):
                raise LastAdminError
            yield transaction
            if self._access.is_autocommit:
                await transaction.commit()


async def _change(access: Access, change: Statement, **values: object) -> User | None:
    row = await access.row(change, **values)
    return user_of(row) if row else None


async def _add(access: Access, user: User, password_hash: PasswordHash) -> None:
    await access.row(
        _ADD,
        id=user.id,
        email=user.email.text,
        email_canonical=user.email.canonical,
        name=user.name,
        role=user.role,
        password_hash=password_hash.encoded,
        password_version=1,
        created_at=user.created_at,
        disabled_at=user.disabled_at,
        has_second_factor=False,
    )
