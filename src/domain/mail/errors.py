"""Errors about mail."""

from latchkey.domain.kernel.errors import AuthorizationError, RetryLaterError


class MailDisabledError(AuthorizationError):
    """This deployment sends no mail."""

    code = "mail_disabled"


class TooManyMailsError(RetryLaterError):
    """Too many mails were asked for, to one address or by one client."""

    code = "too_many_mails"
