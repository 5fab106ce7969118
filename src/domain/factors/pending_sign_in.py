"""Sign-ins that lack their second factor, and the port that writes them as challenges.

A challenge stands in for the password that was right, in one operation and for some minutes. It is
not stored. Whoever has it still has to prove the second factor.
"""

import hashlib
import hmac
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import UserId

LIFETIME: Final = timedelta(minutes=5)
BINDING_BYTES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingSignIn:
    """The content of a challenge.

    Attributes:
        user_id: Whose password was right.
        binding: The first `BINDING_BYTES` bytes of the SHA-256 of the stored password hash. So only
            who can read the storage can make a challenge, even with the key; and with another
            password, or after an upgrade of its hash, the challenge is worth nothing. It reveals
            nothing: a password hash contains 128 random bits. Hidden in `repr`.
        expires_at: Aware UTC, whole seconds.
    """

    user_id: UserId
    binding: bytes = field(repr=False)
    expires_at: datetime

    @classmethod
    def begin(cls, credential: PasswordCredential, now: datetime) -> Self:
        """Create the sign-in of a user whose password was right just now."""
        return cls(
            user_id=credential.user.id,
            binding=_binding_of(credential),
            expires_at=(now + LIFETIME).replace(microsecond=0),
        )

    def is_of(self, credential: PasswordCredential) -> bool:
        """Return whether a credential is the one whose password was right."""
        is_user = self.user_id == credential.user.id
        return is_user and hmac.compare_digest(self.binding, _binding_of(credential))


class PendingSignInCodec(ABC):
    """Encodes and decodes challenges."""

    @abstractmethod
    def encode(self, pending: PendingSignIn) -> str:
        """Encode a sign-in, and authenticate it with the current key.

        Returns:
            84 URL-safe characters.
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


def _binding_of(credential: PasswordCredential) -> bytes:
    return hashlib.sha256(credential.password_hash.encoded.encode()).digest()[:BINDING_BYTES]
