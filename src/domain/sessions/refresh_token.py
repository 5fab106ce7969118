"""Refresh tokens: what they say, and the port that encodes and decodes them."""

import hashlib
import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.sessions.session_id import SessionId

SECRET_BYTES: Final = 16


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

    @classmethod
    def first(cls, now: datetime, absolute: timedelta) -> Self:
        """Create the first token of a new session.

        Args:
            now: The instant at which the session begins.
            absolute: The absolute lifetime of the session, timedelta > 0.
        """
        return cls(
            session_id=SessionId(new_id(now)),
            generation=0,
            expires_at=(now + absolute).replace(microsecond=0),
            secret=secrets.token_bytes(SECRET_BYTES),
        )

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
