"""Errors about accounts."""

from latchkey.domain.kernel.errors import (
    AuthenticationError,
    AuthorizationError,
    ConflictError,
    RetryLaterError,
)


class InvalidCredentialsError(AuthenticationError):
    """E-mail and password do not match an enabled user; does not say which of them is wrong."""

    code = "invalid_credentials"


class InsufficientRoleError(AuthorizationError):
    """The principal's role does not allow the operation."""

    code = "insufficient_role"


class BootstrapDisabledError(AuthorizationError):
    """The first administrator cannot be created over HTTP on this deployment."""

    code = "bootstrap_disabled"


class RegistrationClosedError(AuthorizationError):
    """Nobody may become a user in this way on this deployment."""

    code = "registration_closed"


class AlreadyBootstrappedError(ConflictError):
    """An administrator already exists."""

    code = "already_bootstrapped"


class EmailTakenError(ConflictError):
    """Another user has an e-mail address with the same canonical form."""

    code = "email_taken"


class LastAdminError(ConflictError):
    """The user is the only enabled administrator, and there has to be one."""

    code = "last_admin"


class PasswordIncorrectError(AuthorizationError):
    """The current password, which a change needs, is not the one that was given."""

    code = "password_incorrect"


class PasswordHasherBusyError(RetryLaterError):
    """The queue of passwords to hash is full, or a client has its share of it."""

    code = "password_hasher_busy"
