"""Challenges that a passkey signs, and the port that writes them.

They are not stored. A passkey remembers the last one that it has answered, and answers no earlier
one again: so each signs in once at most, and asking for challenges costs the storage nothing.

Source: WebAuthn Level 3, section 13.4.3.
"""

import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.identifier import new_id

LIFETIME: Final = timedelta(minutes=5)
HANDLE_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class CreationChallenge:
    """The content of a challenge that a new passkey answers.

    Attributes:
        id: A UUID of version 7; contains the time of issue.
        user_id: Who asked for it.
        user_handle: What devices are to know the user by, `HANDLE_BYTES` bytes.
    """

    id: UUID
    user_id: UserId
    user_handle: bytes

    @classmethod
    def begin(cls, user_id: UserId, user_handle: bytes | None, now: datetime) -> Self:
        """Create a challenge.

        Args:
            user_id: Who asks for it.
            user_handle: That of the user's other passkeys, or None if there are none.
            now: The time of issue, aware UTC.
        """
        handle = user_handle or secrets.token_bytes(HANDLE_BYTES)
        return cls(id=new_id(now), user_id=user_id, user_handle=handle)


class PasskeyChallengeCodec(ABC):
    """Encodes and decodes challenges. One kind is never taken for the other."""

    @abstractmethod
    def encode_request(self, challenge: UUID) -> str:
        """Encode the challenge of a sign-in, which names nobody.

        Args:
            challenge: A UUID of version 7; contains the time of issue.

        Returns:
            64 URL-safe characters.
        """

    @abstractmethod
    def decode_request(self, encoded: str, now: datetime) -> UUID:
        """Decode and verify the challenge of a sign-in, without storage.

        Args:
            encoded: What the client presented; may be any text.
            now: The time at which the challenge must not have expired, aware UTC.

        Raises:
            ChallengeInvalidError: The text differs in any bit from what `encode_request` creates
                with one of the keys.
            ChallengeEndedError: The challenge has expired.
        """

    @abstractmethod
    def encode_creation(self, challenge: CreationChallenge) -> str:
        """Encode the challenge of a new passkey.

        Returns:
            128 URL-safe characters.
        """

    @abstractmethod
    def decode_creation(self, encoded: str, now: datetime) -> CreationChallenge:
        """Decode and verify the challenge of a new passkey, as `decode_request` does."""
