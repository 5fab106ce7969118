"""Refresh tokens, and the port that encodes and decodes them."""

import hashlib
import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from latchkey.domain.factors.authentication import Means
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.sessions.session_id import SessionId

SECRET_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """The content of a refresh token. It is computed, never stored.

    Attributes:
        generation: The number of rotations before it in its session, 0 to 2^32 - 1.
        expires_at: The session's absolute expiry, aware UTC, whole seconds.
        secret: 16 random bytes, the same for all tokens of a session; hidden in `repr`.
        means: What the session was opened with, the same for all its tokens.
    """

    session_id: SessionId
    generation: int
    expires_at: datetime
    secret: bytes = field(repr=False)
    means: Means = Means.PASSWORD

    @classmethod
    def first(cls, now: datetime, absolute: timedelta, means: Means = Means.PASSWORD) -> Self:
        """Create the first token of a new session.

        Args:
            now: The start of the session, aware UTC.
            absolute: The absolute lifetime of the session, timedelta > 0.
            means: What the session is opened with.
        """
        return cls(
            session_id=SessionId(new_id(now)),
            generation=0,
            expires_at=(now + absolute).replace(microsecond=0),
            secret=secrets.token_bytes(SECRET_BYTES),
            means=means,
        )

    @property
    def secret_hash(self) -> bytes:
        """The SHA-256 of the secret, 32 bytes. Sessions store this, not the secret."""
        return hashlib.sha256(self.secret).digest()

    def with_generation(self, generation: int) -> "RefreshToken":
        """Return the token of another generation of the same session."""
        return RefreshToken(
            session_id=self.session_id,
            generation=generation,
            expires_at=self.expires_at,
            secret=self.secret,
            means=self.means,
        )


class RefreshTokenCodec(ABC):
    """Encodes and decodes refresh tokens."""

    @abstractmethod
    def encode(self, token: RefreshToken) -> str:
        """Encode a token and authenticate it with the current key.

        Returns:
            100 URL-safe characters, always the same for the same token and key.
        """

    @abstractmethod
    def decode(self, encoded: str, now: datetime) -> RefreshToken:
        """Decode and verify a token, without storage.

        Args:
            encoded: What the client presented; may be any text.
            now: The time at which the token must not have expired, aware UTC.

        Raises:
            RefreshTokenInvalidError: The text differs in any bit from what `encode` creates
                with one of the keys, or the token is past its absolute expiry.
        """
