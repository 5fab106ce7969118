"""Errors about sessions and their tokens."""

from latchkey.domain.kernel.errors import AuthenticationError, LatchkeyError
from latchkey.domain.sessions.end_reason import EndReason


class AccessTokenMissingError(AuthenticationError):
    """A protected operation was requested without an access token."""

    code = "access_token_missing"


class AccessTokenInvalidError(AuthenticationError):
    """The access token is malformed, forged, expired or revoked."""

    code = "access_token_invalid"


class AccessTokenStaleError(AccessTokenInvalidError):
    """The service issued the access token, but it has expired or is no longer true."""


class AudienceUnknownError(LatchkeyError):
    """A token was requested for a service that is not configured."""

    code = "audience_unknown"


class RefreshTokenMissingError(AuthenticationError):
    """A refresh was requested without a refresh token."""

    code = "refresh_token_missing"


class RefreshTokenInvalidError(AuthenticationError):
    """The refresh token was not issued by this service, or is past its absolute expiry."""

    code = "refresh_token_invalid"


class RefreshTokenExpiredError(RefreshTokenInvalidError):
    """The service issued the refresh token, but it is past its absolute expiry."""


class RefreshTokenSupersededError(AuthenticationError):
    """The refresh token is two rotations old, within the grace. Its session stays active."""

    code = "refresh_token_superseded"


class SessionEndedError(AuthenticationError):
    """The session of the refresh token has ended.

    Attributes:
        reason: Why it has ended.
    """

    code = "session_ended"

    def __init__(self, reason: EndReason) -> None:
        super().__init__(reason)
        self.reason = reason


class RefreshTokenReusedError(SessionEndedError):
    """A retired refresh token was presented, which has ended its session."""

    def __init__(self) -> None:
        super().__init__(EndReason.REUSE_DETECTED)


class RefreshTokenNeverIssuedError(SessionEndedError):
    """An authentic refresh token has a generation that, as far as is known, was never issued.

    Either a key has leaked, or the storage has lost more commits than it knows of. The client sees
    the reason `reuse_detected`; only the logs show the difference.
    """

    def __init__(self) -> None:
        super().__init__(EndReason.REUSE_DETECTED)
