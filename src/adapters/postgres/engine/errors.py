"""Translates errors of the database to domain errors."""

from collections.abc import Mapping
from typing import Final

import asyncpg

from latchkey.domain.kernel.errors import LatchkeyError, StorageUnavailableError

FAILURES: Final = (
    OSError,  # includes TimeoutError
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""All errors that a statement or a connection can raise."""

ConstraintErrors = Mapping[str, type[LatchkeyError]]
"""The domain error for a violation of each constraint, by its name."""

NO_CONSTRAINT_ERRORS: Final[ConstraintErrors] = {}

_READ_ONLY: Final = asyncpg.ReadOnlySQLTransactionError.sqlstate
_SHUTTING_DOWN: Final = frozenset({"57P01", "57P02", "57P03", "57P05"})
_CONNECTION_CLASS: Final = "08"


def translated(
    error: Exception, meanings: ConstraintErrors = NO_CONSTRAINT_ERRORS
) -> LatchkeyError:
    """Return the domain error for a failure.

    Args:
        error: One of `FAILURES`.
        meanings: The error for a violation of each constraint. Any other failure means that the
            storage is unavailable.
    """
    constraint = getattr(error, "constraint_name", None)
    meaning = meanings.get(constraint or "", StorageUnavailableError)
    return meaning()


def is_connection_lost(error: BaseException) -> bool:
    """Return whether a connection must not be used after an error.

    This includes connections that are still open: after a timeout or a cancellation a statement is
    in flight, and a server that is read-only or shutting down rejects what it is sent.
    """
    if not isinstance(error, asyncpg.PostgresError):
        return True
    state = error.sqlstate or ""
    return state in _SHUTTING_DOWN or state == _READ_ONLY or state.startswith(_CONNECTION_CLASS)
