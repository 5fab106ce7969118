"""Erases users in PostgreSQL."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, literal_column, select, update
from typing_extensions import override

from latchkey.adapters.postgres.accounts.rows import NOT_ERASED, USER, user_of
from latchkey.adapters.postgres.accounts.tables import users
from latchkey.adapters.postgres.accounts.users import IS_LAST_ADMIN, LOCK_ADMINISTRATION
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.domain.accounts.erasure import NO_PASSWORD_HASH, UserErasure
from latchkey.domain.accounts.errors import LastAdminError
from latchkey.domain.accounts.user import UserId

_FIND: Final = Statement(
    select(*USER)
    .where(users.c.id == bindparam("user_id"), NOT_ERASED)
    .with_for_update(key_share=True)
)
_ERASE: Final = Statement(
    update(users)
    .where(users.c.id == bindparam("user_id"))
    .values(
        email=bindparam("text", type_=users.c.email.type),
        email_canonical=bindparam("canonical", type_=users.c.email_canonical.type),
        name=bindparam("no_name", type_=users.c.name.type),
        disabled_at=bindparam("at", type_=users.c.disabled_at.type),
        password_hash=bindparam("no_hash", type_=users.c.password_hash.type),
        password_version=users.c.password_version + literal_column("1"),
    )
    .returning(users.c.id)
)


class PostgresUserErasure(UserErasure):
    """Erases one user after the other, so that each administrator sees who is left."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def erase(self, user_id: UserId, at: datetime) -> bool:
        async with self._access.transaction() as transaction:
            await transaction.row(LOCK_ADMINISTRATION)
            row = await transaction.row(_FIND, user_id=user_id)
            if row is None:
                return False
            if await transaction.row(IS_LAST_ADMIN, user_id=user_id):
                raise LastAdminError
            erased = user_of(row).erased(at)
            await transaction.row(
                _ERASE,
                user_id=user_id,
                text=erased.email.text,
                canonical=erased.email.canonical,
                no_name=erased.name,
                at=erased.disabled_at,
                no_hash=NO_PASSWORD_HASH.encoded,
            )
            if self._access.is_autocommit:
                await transaction.commit()
        return True
