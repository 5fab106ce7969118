"""The error messages of the command line."""

from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgresError
from latchkey.adapters.postgres.migrations import MigrationError
from latchkey.domain.kernel.errors import (
    InvalidInputError,
    LatchkeyError,
    StorageFaultError,
    StorageUnavailableError,
)
from latchkey.entrypoints.cli.environment import fail
from latchkey.entrypoints.http.problems.table import problem_of
from latchkey.entrypoints.observability.causes import cause_of


def explain(error: Exception) -> None:
    """Print a line for each fault and end the command; return if the error is not Latchkey's."""
    match error:
        case InvalidInputError():
            fail(*(f"{v.field}: {v.message}" for v in error.violations))
        case MigrationError() | EmbeddedPostgresError() | StorageFaultError():
            fail(str(error))
        case StorageUnavailableError():
            cause = cause_of(error)
            fail(f"{problem_of(type(error)).detail}{f' ({cause})' if cause else ''}")
        case LatchkeyError():  # its cause is a statement of the database, and tells no more
            fail(problem_of(type(error)).detail)
