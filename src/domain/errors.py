"""Everything the service can refuse, drawn as a tree. No leaf knows what HTTP is.

    LatchkeyError
    ├── InvalidInputError               invalid_request
    ├── AuthenticationError             we can't tell who is asking
    │   ├── InvalidCredentialsError     invalid_credentials
    │   ├── AccessTokenMissingError     access_token_missing
    │   ├── AccessTokenInvalidError     access_token_invalid
    │   ├── RefreshTokenMissingError    refresh_token_missing
    │   ├── RefreshTokenInvalidError    refresh_token_invalid
    │   ├── RefreshTokenSupersededError refresh_token_superseded
    │   └── SessionEndedError           session_ended
    │       └── RefreshTokenForgedError ... which nobody without the key can cause
    ├── AuthorizationError              we can, and the answer is no
    │   ├── InsufficientRoleError       insufficient_role
    │   └── BootstrapDisabledError      bootstrap_disabled
    ├── ConflictError                   it is taken
    │   ├── AlreadyBootstrappedError    already_bootstrapped
    │   └── EmailTakenError             email_taken
    └── RetryLaterError                 not now
        ├── TooManyAttemptsError        too_many_attempts
        ├── PasswordHasherBusyError     password_hasher_busy
        └── StorageUnavailableError     storage_unavailable

A `code` is public and never renamed: clients branch on it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
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


class InvalidCredentialsError(AuthenticationError):
    """E-mail and password don't name an enabled user; which of them is wrong stays untold."""

    code = "invalid_credentials"


class AccessTokenMissingError(AuthenticationError):
    """A protected operation was asked for without an access token."""

    code = "access_token_missing"


class AccessTokenInvalidError(AuthenticationError):
    """The access token is malformed, forged, expired, or no longer true."""

    code = "access_token_invalid"


class RefreshTokenMissingError(AuthenticationError):
    """A refresh was asked for without a refresh token."""

    code = "refresh_token_missing"


class RefreshTokenInvalidError(AuthenticationError):
    """The refresh token was not made by this service, or is past its absolute expiry."""

    code = "refresh_token_invalid"


class RefreshTokenSupersededError(AuthenticationError):
    """The refresh token was honestly overtaken by two rotations; its session lives on."""

    code = "refresh_token_superseded"


class EndReason(StrEnum):
    """Why a session is over; told to nobody but the holder of a token of ours."""

    LOGGED_OUT = "logged_out"
    REPLACED = "replaced"
    EXPIRED = "expired"
    REUSE_DETECTED = "reuse_detected"
    REVOKED = "revoked"
    USER_DISABLED = "user_disabled"


class SessionEndedError(AuthenticationError):
    """The session that the refresh token belongs to is over."""

    code = "session_ended"

    def __init__(self, reason: EndReason) -> None:
        """Keep why it is over."""
        super().__init__(reason)
        self.reason = reason


class RefreshTokenForgedError(SessionEndedError):
    """A genuine refresh token of a generation that was never handed out: a key has leaked."""

    def __init__(self) -> None:
        """End the session like any reuse; only the log tells the difference."""
        super().__init__(EndReason.REUSE_DETECTED)


class AuthorizationError(LatchkeyError):
    """It is known who is asking, and the answer is no."""


class InsufficientRoleError(AuthorizationError):
    """The principal's role does not allow the operation."""

    code = "insufficient_role"


class BootstrapDisabledError(AuthorizationError):
    """The first administrator can't be made over HTTP here."""

    code = "bootstrap_disabled"


class ConflictError(LatchkeyError):
    """What was asked for is taken."""


class AlreadyBootstrappedError(ConflictError):
    """There is an administrator already."""

    code = "already_bootstrapped"


class EmailTakenError(ConflictError):
    """Another user has this e-mail address in its canonical form."""

    code = "email_taken"


class RetryLaterError(LatchkeyError):
    """Not now; the same request may succeed later."""

    def __init__(self, retry_after: timedelta = timedelta(seconds=1)) -> None:
        """Keep how long to wait, timedelta > 0."""
        super().__init__(f"retry after {retry_after.total_seconds():.0f} s")
        self.retry_after = retry_after


class TooManyAttemptsError(RetryLaterError):
    """Too many logins for an account or from an address, or too many refreshes of a session."""

    code = "too_many_attempts"


class PasswordHasherBusyError(RetryLaterError):
    """The queue of passwords to hash is full."""

    code = "password_hasher_busy"


class StorageUnavailableError(RetryLaterError):
    """The storage did not answer; what was asked for may or may not have happened."""

    code = "storage_unavailable"
