"""What can be refused about accounts."""

from latchkey.domain.kernel.errors import (
    AuthenticationError,
    AuthorizationError,
    ConflictError,
    RetryLaterError,
)


class InvalidCredentialsError(AuthenticationError):
    """E-mail and password don't name an enabled user; which of them is wrong stays untold."""

    code = "invalid_credentials"


class InsufficientRoleError(AuthorizationError):
    """The principal's role does not allow the operation."""

    code = "insufficient_role"


class BootstrapDisabledError(AuthorizationError):
    """The first administrator can't be made over HTTP here."""

    code = "bootstrap_disabled"


class AlreadyBootstrappedError(ConflictError):
    """There is an administrator already."""

    code = "already_bootstrapped"


class EmailTakenError(ConflictError):
    """Another user has this e-mail address in its canonical form."""

    code = "email_taken"


class PasswordHasherBusyError(RetryLaterError):
    """The queue of passwords to hash is full."""

    code = "password_hasher_busy"
