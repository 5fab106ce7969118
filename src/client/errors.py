"""Why a session cannot be used. No message contains a password or a token."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "logged_out": "this session was ended by a logout",
        "replaced": "a newer login took this session's place",
        "expired": "the session was not used for too long",
        "reuse_detected": "this session was used from somewhere else",
        "revoked": "the password or a second factor was changed, or somebody ended the session",
        "user_disabled": "the account was disabled",
        "account_deleted": "the account was deleted",
    }
)


class LatchkeyError(Exception):
    """Anything that this package raises by itself."""


class SessionEndedError(LatchkeyError):
    """There is no session (any more): log in.

    Attributes:
        reason: Why the service ended it, such as `expired` (docs/flow.md, S2); None if there was
            no session, or the service does not know it.
    """

    def __init__(self, reason: str | None = None) -> None:
        words = _WORDS.get(reason, reason) if reason else "not logged in"
        super().__init__(words)
        self.reason = reason


class ServiceUnavailableError(LatchkeyError):
    """The service did not respond, asked to wait, or rejected a refresh without ending the session.

    A session that there was continues.

    Attributes:
        wait: Seconds until another attempt makes sense; None if the request may have been
            processed and must not be repeated without thought, as with a login.
    """

    def __init__(self, cause: str, wait: float | None = None) -> None:
        super().__init__(cause)
        self.wait = wait


class InvalidCredentialsError(LatchkeyError):
    """The service does not accept this e-mail address with this password."""


class UserChangedError(LatchkeyError):
    """Somebody else has logged in with the same cookie file: discard what belongs to the first.

    The request was not sent. To go on as the other person, use a new `Session`.
    """


class ForeignOriginError(LatchkeyError):
    """A request to a server that must not see the access token. It was not sent."""


class RejectedError(LatchkeyError):
    """A response that is not a success.

    Attributes:
        status: Its HTTP status.
        code: That of the problem (docs/flow.md, P1); None if the response is not the service's.
        reason: Why the session ended, if it has.
        retry_after: Seconds that the response asks clients to wait; None if it does not.
    """

    def __init__(
        self,
        status: int,
        code: str | None = None,
        *,
        reason: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"status {status}, {code or 'and not a problem of the service'}")
        self.status = status
        self.code = code
        self.reason = reason
        self.retry_after = retry_after


class NoResponseError(LatchkeyError):
    """There was no response, or a success that the service would not have sent.

    Attributes:
        is_sent: Whether the service may have received the request.
    """

    def __init__(self, cause: str, *, is_sent: bool = True) -> None:
        super().__init__(cause)
        self.is_sent = is_sent
