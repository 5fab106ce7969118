"""Credentials in memory."""

from dataclasses import replace

from typing_extensions import override

from adapters.memory.storage import Access
from domain.password import PasswordHash
from domain.user import Credential, CredentialRepository, EmailAddress, UserId


class MemoryCredentialRepository(CredentialRepository):
    """Keeps a credential beside its user."""

    def __init__(self, access: Access) -> None:
        """Keep credentials in tables."""
        self._access = access

    @override
    async def by_email(self, email: EmailAddress) -> Credential | None:
        tables = await self._access.read()
        return tables.account_of(email)

    @override
    async def change_password(self, user_id: UserId, new: PasswordHash) -> bool:
        async with self._access.change() as tables:
            account = tables.accounts.get(user_id)
            if account is None:
                return False
            version = account.password_version + 1
            changed = replace(account, password_hash=new, password_version=version)
            tables.accounts.put(user_id, changed)
            return True

    @override
    async def upgrade_hash(self, user_id: UserId, *, old: PasswordHash, new: PasswordHash) -> bool:
        async with self._access.change() as tables:
            account = tables.accounts.get(user_id)
            if account is None or account.password_hash != old:
                return False
            tables.accounts.put(user_id, replace(account, password_hash=new))
            return True
