"""Base errors, and the errors that every capability can raise."""

from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import ClassVar


class LatchkeyError(Exception):
    """An error that is reported to the client, with a stable code."""

    code: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault in one field of the input.

    Attributes:
        field: The name of the field, or "" for the input as a whole.
        message: What the field must be. Never contains the value.
    """

    field: str
    message: str


class InvalidInputError(LatchkeyError):
    """The input is invalid.

    Attributes:
        violations: Everything that is wrong, in the order in which it was found.
    """

    code = "invalid_request"

    def __init__(self, *violations: Violation) -> None:
        super().__init__("; ".join(f"{v.field}: {v.message}" for v in violations))
        self.violations = violations


class Violations:
    """Collects violations, so that one error can name them all.

    Each `with` block runs one check. If it raises InvalidInputError, the violations are collected
    and the program continues after the block. Other errors propagate.
    """

    def __init__(self) -> None:
        self._found: list[Violation] = []

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if not isinstance(error, InvalidInputError):
            return False
        self._found.extend(error.violations)
        return True

    def raise_if_any(self) -> None:
        """Raise one error for all violations, if there are any.

        Raises:
            InvalidInputError: A check failed. Names all violations.
        """
        if self._found:
            raise InvalidInputError(*self._found)


class AuthenticationError(LatchkeyError):
    """The client is not authenticated."""


class AuthorizationError(LatchkeyError):
    """The client is not allowed to do this."""


class ConflictError(LatchkeyError):
    """The request conflicts with what is stored."""


class NotFoundError(LatchkeyError):
    """What the request names does not exist."""

    code = "not_found"


class RetryLaterError(LatchkeyError):
    """The request failed for now; a retry may succeed.

    Attributes:
        retry_after: How long to wait before a retry, timedelta > 0.
    """

    def __init__(self, retry_after: timedelta = timedelta(seconds=1)) -> None:
        super().__init__(f"retry after {retry_after.total_seconds():.0f} s")
        self.retry_after = retry_after


class StorageUnavailableError(RetryLaterError):
    """The storage did not respond. A change may or may not have been made."""

    code = "storage_unavailable"


class StorageFaultError(Exception):
    """The storage rejected what the service asked for, and will reject it again.

    The cause is a fault of the deployment (a missing right, an old schema) or of the program. No
    client can do anything about it, so it has no code of its own. The message is for operators,
    and contains no value of a row.
    """
