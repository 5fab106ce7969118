"""Access tokens: what they say, and the port that issues and verifies them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.sessions.session_id import SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is asking, as their access token tells.

    Attributes:
        email: The user's address as given, at the time of issue.
        role: The user's role at the time of issue; current at most a token's lifetime ago.
    """

    id: UserId
    email: str
    role: Role
    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A signed statement about a principal, for a short time.

    Attributes:
        encoded: A JWT in its compact form (RFC 7519); hidden in `repr`.
        expires_in: From its issue, timedelta > 0, whole seconds.
    """

    encoded: str = field(repr=False)
    expires_in: timedelta


class TokenService(ABC):
    """Issues access tokens and verifies them without any storage."""

    @abstractmethod
    def issue(self, principal: Principal, now: datetime) -> AccessToken:
        """Sign a statement about a principal.

        Args:
            principal: Whom the token speaks of.
            now: The instant of issue, aware UTC.
        """

    @abstractmethod
    def verify(self, encoded: str, now: datetime) -> Principal:
        """Read a token that this service issued.

        Args:
            encoded: What a client presented; anything at all.
            now: The instant to judge its lifetime at, aware UTC.

        Raises:
            AccessTokenInvalidError: It deviates in any way from what `issue` makes, or is
                expired. No input leads to another error.

        Source: RFC 7519; RFC 8725, section 3; RFC 9068, section 4.
        """
