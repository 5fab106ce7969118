"""Access tokens, and the port that issues and verifies them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.factors.authentication import Means
from latchkey.domain.kernel.identifier import time_of
from latchkey.domain.sessions.session_id import SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The authenticated user, as described by an access token.

    Attributes:
        email: The user's address at the time of issue, as given.
        role: The user's role at the time of issue. It may have changed since.
        means: What the session was opened with.
    """

    id: UserId
    email: str
    role: Role
    session_id: SessionId
    means: Means = Means.PASSWORD

    @property
    def signed_in_at(self) -> datetime:
        """When the sign-in was, to the millisecond, aware UTC: the `auth_time` of the token."""
        return time_of(self.session_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A short-lived, signed token about a principal.

    Attributes:
        encoded: A JWT in its compact form (RFC 7519); hidden in `repr`.
        expires_in: The lifetime from the time of issue, timedelta > 0, whole seconds.
    """

    encoded: str = field(repr=False)
    expires_in: timedelta


class TokenService(ABC):
    """Issues and verifies access tokens, without storage."""

    @abstractmethod
    def issue(self, principal: Principal, now: datetime) -> AccessToken:
        """Issue a token.

        Args:
            principal: The user whom the token describes.
            now: The time of issue, aware UTC.
        """

    @abstractmethod
    def verify(self, encoded: str, now: datetime) -> Principal:
        """Verify a token and return its principal.

        Args:
            encoded: What the client presented; may be any text.
            now: The time at which the token must not have expired, aware UTC.

        Raises:
            AccessTokenInvalidError: The text differs in any way from what `issue` creates, or
                the token has expired. No input raises another error.

        Source: RFC 7519; RFC 8725, section 3; RFC 9068, section 4.
        """

    @abstractmethod
    def exchange(self, encoded: str, audience: str, now: datetime) -> AccessToken:
        """Issue a token for another audience, about the principal of a presented token.

        The new token expires no later than the presented one. `verify` accepts it only if this
        service is the audience.

        Args:
            encoded: What the client presented; may be any text.
            audience: Who is to accept the new token, a text that is not empty.
            now: The time of issue, aware UTC.

        Raises:
            AccessTokenInvalidError: `verify` would reject the presented token.

        Source: RFC 9068, sections 3 and 5 (one audience for a token).
        """
