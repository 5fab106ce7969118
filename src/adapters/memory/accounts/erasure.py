"""Erases users in memory."""

from dataclasses import replace
from datetime import datetime

from typing_extensions import override

from latchkey.adapters.memory.accounts.users import keep_another_admin
from latchkey.adapters.memory.tables import Access
from latchkey.domain.accounts.erasure import NO_PASSWORD_HASH, UserErasure
from latchkey.domain.accounts.user import UserId


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
            keep_another_admin(tables, account.user)
            tables.emails.put(account.user.email.canonical, None)
            erased = replace(
                account,
                user=account.user.erased(at),
                password_hash=NO_PASSWORD_HASH,
                password_version=account.password_version + 1,
            )
            tables.accounts.put(user_id, erased)
            return True
