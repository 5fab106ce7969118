"""Password credentials in memory."""

from dataclasses import replace

from typing_extensions import override

from latchkey.adapters.memory.tables import Access
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.accounts.password_credential import (
    PasswordCredential,
    PasswordCredentialRepository,
)
from latchkey.domain.accounts.user import UserId


class MemoryPasswordCredentialRepository(PasswordCredentialRepository):
    """Stores each credential together with its user."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def by_email(self, email: EmailAddress) -> PasswordCredential | None:
        tables = await self._access.read()
        return tables.account_of(email)

    @override
    async def change_password(self, user_id: UserId, new: PasswordHash) -> int | None:
        async with self._access.change() as tables:
            account = tables.living(user_id)
            if account is None:
                return None
            version = account.password_version + 1
            changed = replace(account, password_hash=new, password_version=version)
            tables.accounts.put(user_id, changed)
            return version

    @override
    async def upgrade_hash(self, user_id: UserId, *, old: PasswordHash, new: PasswordHash) -> bool:
        async with self._access.change() as tables:
            account = tables.accounts.get(user_id)
            if account is None or account.password_hash != old:
                return False
            tables.accounts.put(user_id, replace(account, password_hash=new))
            return True
