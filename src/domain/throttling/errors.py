"""Errors about throttling."""

from latchkey.domain.kernel.errors import RetryLaterError


class TooManyAttemptsError(RetryLaterError):
    """Too many logins for an account or from an address, or too many refreshes of a session."""

    code = "too_many_attempts"
