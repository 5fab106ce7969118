"""What errors of the database mean to the domain."""

from collections.abc import Mapping
from typing import Final

import asyncpg

from latchkey.domain.kernel.errors import LatchkeyError, StorageUnavailableError

FAILURES: Final = (
    OSError,  # TimeoutError is one, too
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""Every way in which talking to the database fails."""

Refusals = Mapping[str, type[LatchkeyError]]
"""Domain errors by the name of the constraint that reports them."""

NO_REFUSALS: Final[Refusals] = {}

_READ_ONLY: Final = asyncpg.ReadOnlySQLTransactionError.sqlstate
_SHUTTING_DOWN: Final = frozenset({"57P01", "57P02", "57P03", "57P05"})
_CONNECTION_CLASS: Final = "08"


def translated(error: Exception, refusals: Refusals = NO_REFUSALS) -> LatchkeyError:
    """Return the domain error for a failure.

    Args:
        error: One of `FAILURES`.
        refusals: What a violation of a constraint means. Any other failure means that the
            storage is unavailable.
    """
    constraint = getattr(error, "constraint_name", None)
    meaning = refusals.get(constraint or "", StorageUnavailableError)
    return meaning()


def is_connection_lost(error: BaseException) -> bool:
    """Return whether a connection cannot be used any more after an error.

    Besides what closes it: a time-out and a cancellation leave it amid a statement, and a server
    that became read-only or shuts down still accepts what it can't do.
    """
    if not isinstance(error, asyncpg.PostgresError):
        return True
    state = error.sqlstate or ""
    return state in _SHUTTING_DOWN or state == _READ_ONLY or state.startswith(_CONNECTION_CLASS)
