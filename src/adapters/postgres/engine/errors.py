"""Translates errors of the database to domain errors."""

from collections.abc import Mapping
from typing import Final, NoReturn

import asyncpg

from latchkey.domain.kernel.errors import (
    LatchkeyError,
    StorageFaultError,
    StorageUnavailableError,
)

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
_PERMANENT_CLASSES: Final = frozenset(
    {
        "22",  # data exception: a value that cannot be stored
        "23",  # integrity constraint violation without a meaning
        "3F",  # invalid schema name
        "42",  # syntax error or access rule violation: a missing table, column or right
        "54",  # program limit exceeded
        "P0",  # raised by a function
    }
)
"""Classes of SQLSTATE of statements that fail again when they are repeated.

Source: PostgreSQL, appendix "PostgreSQL Error Codes".
"""


def reraise(error: Exception, refusals: ConstraintErrors = NO_CONSTRAINT_ERRORS) -> NoReturn:
    """Raise the domain error for a failure.

    Args:
        error: One of `FAILURES`.
        refusals: The domain error for a violation of each constraint.

    Raises:
        LatchkeyError: A constraint was violated that `refusals` lists.
        StorageFaultError: The same statement would fail again.
        StorageUnavailableError: Anything else; the same statement may succeed later.
    """
    meaning = refusals.get(getattr(error, "constraint_name", None) or "")
    if meaning is not None:
        raise meaning from error
    if _is_permanent(error):  # without its cause, whose detail may contain a whole row
        raise StorageFaultError(explained(error)) from None
    raise StorageUnavailableError from error


def explained(error: Exception) -> str:
    """Return what an operator should know of a failure: the server's message, and no value.

    Leaves out the detail of the server's message, which may contain a whole row, and the message of
    an error that asyncpg raised because of a value.
    """
    reason = str(error).partition("\n")[0]
    if isinstance(error, asyncpg.PostgresError):
        is_of_server = error.severity is not None
        reason = str(error.args[0]) if is_of_server else "a value cannot be encoded"
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__


def is_connection_lost(error: BaseException) -> bool:
    """Return whether a connection must not be used after an error.

    This includes connections that are still open: after a timeout or a cancellation a statement is
    still in flight, and a server that is read-only or shutting down rejects further statements.
    """
    if not isinstance(error, asyncpg.PostgresError):
        return True
    state = error.sqlstate or ""
    return state in _SHUTTING_DOWN or state == _READ_ONLY or state.startswith(_CONNECTION_CLASS)


def _is_permanent(error: Exception) -> bool:
    state = error.sqlstate if isinstance(error, asyncpg.PostgresError) else None
    return (state or "")[:2] in _PERMANENT_CLASSES
