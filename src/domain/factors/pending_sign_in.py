"""Sign-ins that lack their second factor, and the port that writes them as challenges.

A challenge stands in for the password that was right, in one operation and for some minutes. It is
not stored. Whoever has it still has to prove the second factor.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from latchkey.domain.accounts.user import UserId

LIFETIME: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingSignIn:
    """The content of a challenge.

    Attributes:
        user_id: Whose password was right.
        password_version: That of the password. With another one, the challenge is worth nothing.
        expires_at: Aware UTC, whole seconds.
    """

    user_id: UserId
    password_version: int
    expires_at: datetime

    @classmethod
    def begin(cls, user_id: UserId, password_version: int, now: datetime) -> Self:
        """Create the sign-in of a user whose password was right just now."""
        return cls(
            user_id=user_id,
            password_version=password_version,
            expires_at=(now + LIFETIME).replace(microsecond=0),
        )


class PendingSignInCodec(ABC):
    """Encodes and decodes challenges."""

    @abstractmethod
    def encode(self, pending: PendingSignIn) -> str:
        """Encode a sign-in, and authenticate it with the current key.

        Returns:
            76 URL-safe characters.
        """

    @abstractmethod
    def decode(self, encoded: str, now: datetime) -> PendingSignIn:
        """Decode and verify a challenge, without storage.

        Args:
            encoded: What the client presented; may be any text.
            now: The time at which the challenge must not have expired, aware UTC.

        Raises:
            ChallengeInvalidError: The text differs in any bit from what `encode` creates with one
                of the keys.
            ChallengeEndedError: The challenge has expired.
        """
