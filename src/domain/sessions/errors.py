"""What can be refused about sessions and their tokens."""

from latchkey.domain.kernel.errors import AuthenticationError
from latchkey.domain.sessions.end_reason import EndReason


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


class SessionEndedError(AuthenticationError):
    """The session that the refresh token belongs to is over."""

    code = "session_ended"

    def __init__(self, reason: EndReason) -> None:
        """Keep why it is over."""
        super().__init__(reason)
        self.reason = reason


class RefreshTokenNeverIssuedError(SessionEndedError):
    """A genuine refresh token of a generation that was never handed out: a key has leaked."""

    def __init__(self) -> None:
        """End the session like any reuse; only the log tells the difference."""
        super().__init__(EndReason.REUSE_DETECTED)
