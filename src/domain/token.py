"""Access and refresh tokens: what is in them, and the ports that write and read them."""

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType
from uuid import UUID

from domain.user import Role, UserId

SessionId = NewType("SessionId", UUID)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """What a refresh token says. It is computed, never stored.

    Attributes:
        generation: How many rotations came before it in its session, 0 to 2^32 - 1.
        expires_at: The session's absolute expiry, aware UTC, whole seconds.
        secret: 16 random bytes, the same for all tokens of a session; hidden in `repr`.
    """

    session_id: SessionId
    generation: int
    expires_at: datetime
    secret: bytes = field(repr=False)

    @property
    def secret_hash(self) -> bytes:
        """What a session keeps of the secret: SHA-256, 32 bytes."""
        return hashlib.sha256(self.secret).digest()

    def with_generation(self, generation: int) -> "RefreshToken":
        """Give the token of another generation of the same session."""
        return RefreshToken(
            session_id=self.session_id,
            generation=generation,
            expires_at=self.expires_at,
            secret=self.secret,
        )


class RefreshTokenCodec(ABC):
    """Writes and reads refresh tokens: the same token is always the same text."""

    @abstractmethod
    def encode(self, token: RefreshToken) -> str:
        """Write a token, authenticated with the current key.

        Returns:
            100 URL-safe characters. A pure function of the token and the key.
        """

    @abstractmethod
    def decode(self, encoded: str, now: datetime) -> RefreshToken:
        """Read a token that this service wrote, without any storage.

        Args:
            encoded: What a client presented; anything at all.
            now: The instant to judge its absolute expiry at, aware UTC.

        Raises:
            RefreshTokenInvalidError: It deviates in a single bit from what `encode` makes
                with one of the keys, or is past its absolute expiry.
        """
