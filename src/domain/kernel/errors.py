"""Errors that every capability can raise, and the roots of all others."""

from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import ClassVar


class LatchkeyError(Exception):
    """A refusal with a stable code."""

    code: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong with one field of the input.

    Attributes:
        field: The member's name, or "" for the input as a whole.
        message: What would be right; never the value itself.
    """

    field: str
    message: str


class InvalidInputError(LatchkeyError):
    """The input breaks rules, all of which are named at once."""

    code = "invalid_request"

    def __init__(self, *violations: Violation) -> None:
        """Keep what is wrong, in the order in which it was found."""
        super().__init__("; ".join(f"{v.field}: {v.message}" for v in violations))
        self.violations = violations


class Violations:
    """Collects what is wrong, so that everything can be named at once.

    Each `with` block checks one thing and goes on after it, whatever it found.
    """

    def __init__(self) -> None:
        """Begin with nothing found."""
        self._found: list[Violation] = []

    def __enter__(self) -> None:
        """Check one thing."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        """Note what is wrong with it; any other error goes its way."""
        if not isinstance(error, InvalidInputError):
            return False
        self._found.extend(error.violations)
        return True

    def raise_if_any(self) -> None:
        """End the checks.

        Raises:
            InvalidInputError: Something was found; names all of it.
        """
        if self._found:
            raise InvalidInputError(*self._found)


class AuthenticationError(LatchkeyError):
    """It can't be told who is asking."""


class AuthorizationError(LatchkeyError):
    """It is known who is asking, and the answer is no."""


class ConflictError(LatchkeyError):
    """What was asked for is taken."""


class RetryLaterError(LatchkeyError):
    """Not now; the same request may succeed later."""

    def __init__(self, retry_after: timedelta = timedelta(seconds=1)) -> None:
        """Keep how long to wait, timedelta > 0."""
        super().__init__(f"retry after {retry_after.total_seconds():.0f} s")
        self.retry_after = retry_after


class StorageUnavailableError(RetryLaterError):
    """The storage did not answer; what was asked for may or may not have happened."""

    code = "storage_unavailable"


class StorageFaultError(Exception):
    """The storage rejected what the service asked for, and will reject it again.

    The cause is a fault of the deployment (a missing right, an old schema) or of the program. No
    client can do anything about it, so it has no code of its own. The message is for operators,
    and contains no value of a row.
    """
