"""Password credentials in PostgreSQL."""

from typing import Final

from sqlalchemy import bindparam, literal_column, select, update
from typing_extensions import override

from latchkey.adapters.postgres.accounts.rows import CREDENTIAL, NOT_ERASED, credential_of
from latchkey.adapters.postgres.accounts.tables import users
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.accounts.password_credential import (
    PasswordCredential,
    PasswordCredentialRepository,
)
from latchkey.domain.accounts.user import UserId

BY_EMAIL: Final = Statement(
    select(*CREDENTIAL).where(users.c.email_canonical == bindparam("email")),
    is_read=True,
)
_CHANGE: Final = Statement(
    update(users)
    .where(users.c.id == bindparam("user_id"), NOT_ERASED)
    .values(
        password_hash=bindparam("new"),
        password_version=users.c.password_version + literal_column("1"),
    )
    .returning(users.c.password_version)
)
_UPGRADE: Final = Statement(
    update(users)
    .where(users.c.id == bindparam("user_id"), users.c.password_hash == bindparam("old"))
    .values(password_hash=bindparam("new"))
    .returning(users.c.id)
)


class PostgresPasswordCredentialRepository(PasswordCredentialRepository):
    """Stores credentials in the rows of their users."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def by_email(self, email: EmailAddress) -> PasswordCredential | None:
        row = await self._access.row(BY_EMAIL, email=email.canonical)
        return credential_of(row) if row else None

    @override
    async def change_password(self, user_id: UserId, new: PasswordHash) -> int | None:
        row = await self._access.row(_CHANGE, user_id=user_id, new=new.encoded)
        return row["password_version"] if row else None

    @override
    async def upgrade_hash(self, user_id: UserId, *, old: PasswordHash, new: PasswordHash) -> bool:
        changed = await self._access.row(
            _UPGRADE, user_id=user_id, old=old.encoded, new=new.encoded
        )
        return changed is not None
