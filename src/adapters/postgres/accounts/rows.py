"""Converts rows of the table `users` to domain values."""

from collections.abc import Sequence
from typing import Any, Final

import asyncpg
from sqlalchemy import ColumnElement, literal_column

from latchkey.adapters.postgres.accounts.tables import users
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password import PasswordHash
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import Role, User

USER: Final[Sequence[ColumnElement[Any]]] = (
    users.c.id.label("user_id"),
    users.c.email,
    users.c.email_canonical,
    users.c.name,
    users.c.role,
    users.c.created_at.label("user_created_at"),
    users.c.disabled_at,
)
"""The columns that `user_of` reads, named so that no other table has a column of the same name."""

CREDENTIAL: Final[Sequence[ColumnElement[Any]]] = (
    *USER,
    users.c.password_hash,
    users.c.password_version,
    users.c.has_second_factor,
)
"""The columns that `credential_of` reads."""

NOT_ERASED: Final = users.c.email != literal_column("''")
"""The condition that a user was not erased."""


def user_of(row: asyncpg.Record) -> User:
    """Return the user of a row with the columns `USER`."""
    return User(
        id=row["user_id"],
        email=EmailAddress(row["email"], row["email_canonical"]),
        name=row["name"],
        role=Role(row["role"]),
        created_at=row["user_created_at"],
        disabled_at=row["disabled_at"],
    )


def credential_of(row: asyncpg.Record) -> PasswordCredential:
    """Return the credential of a row with the columns `CREDENTIAL`."""
    return PasswordCredential(
        user=user_of(row),
        password_hash=PasswordHash(row["password_hash"]),
        password_version=row["password_version"],
        has_second_factor=row["has_second_factor"],
    )
