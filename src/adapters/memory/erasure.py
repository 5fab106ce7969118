"""Erases users in memory."""

from dataclasses import replace
from datetime import datetime

from typing_extensions import override

from latchkey.adapters.memory.tables import Access, Tables
from latchkey.domain.accounts.erasure import NO_PASSWORD_HASH, UserErasure
from latchkey.domain.accounts.errors import LastAdminError
from latchkey.domain.accounts.user import Role, User, UserId


class MemoryUserErasure(UserErasure):
    """Counts the administrators. There is one writer at a time."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def erase(self, user_id: UserId, at: datetime) -> bool:
        async with self._access.change() as tables:
            account = tables.living(user_id)
            if account is None:
                return False
            if _is_admin(account.user) and not _has_other_admin(tables, user_id):
                raise LastAdminError
            tables.emails.put(account.user.email.canonical, None)
            erased = replace(
                account,
                user=account.user.erased(at),
                password_hash=NO_PASSWORD_HASH,
                password_version=account.password_version + 1,
            )
            tables.accounts.put(user_id, erased)
            return True


def _has_other_admin(tables: Tables, user_id: UserId) -> bool:
    users = (account.user for account in tables.accounts.rows())
    return any(_is_admin(user) and user.id != user_id for user in users)


def _is_admin(user: User) -> bool:
    return user.role is Role.ADMIN and not user.is_disabled
