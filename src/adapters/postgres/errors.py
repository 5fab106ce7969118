"""What errors of the database mean to the domain."""

from collections.abc import Mapping
from typing import Final

import asyncpg

from adapters.postgres.tables import USERS_EMAIL_KEY
from domain.errors import EmailTakenError, LatchkeyError, StorageUnavailableError

FAILURES: Final = (
    OSError,  # TimeoutError is one, too
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""Every way in which talking to the database fails."""

BROKEN_CONSTRAINTS: Final[Mapping[str, type[LatchkeyError]]] = {
    USERS_EMAIL_KEY: EmailTakenError,
}

_READ_ONLY: Final = asyncpg.ReadOnlySQLTransactionError.sqlstate
_SHUTTING_DOWN: Final = frozenset({"57P01", "57P02", "57P03", "57P05"})
_CONNECTION_CLASS: Final = "08"


def translated(error: Exception) -> LatchkeyError:
    """Tell what a failure means: a broken promise of the schema, or that the storage is away."""
    constraint = getattr(error, "constraint_name", None)
    meaning = BROKEN_CONSTRAINTS.get(constraint or "", StorageUnavailableError)
    return meaning()


def is_connection_lost(error: BaseException) -> bool:
    """Tell whether a connection can't be used any more after an error.

    Besides what closes it: a time-out and a cancellation leave it amid a statement, and a server
    that became read-only or shuts down still accepts what it can't do.
    """
    if not isinstance(error, asyncpg.PostgresError):
        return True
    state = error.sqlstate or ""
    return state in _SHUTTING_DOWN or state == _READ_ONLY or state.startswith(_CONNECTION_CLASS)
