"""The keys that authenticate refresh tokens, each derived for this one purpose."""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final, Self

from latchkey.adapters.refresh_token.hkdf import hkdf_sha256

_LABEL: Final = b"refresh/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class MacKey:
    """A key, ready to authenticate bodies of tokens, and the byte that names it in them.

    The byte is derived like the key, not assigned by position: processes whose lists have the
    same secrets in another order agree about it, so a new secret can be rolled out one process
    at a time. Two secrets of a list have the same byte with a chance of 1 to 256; the byte says
    which keys are worth trying, the MAC alone which one it was.

    Attributes:
        id: 0 to 255.
        begun: The MAC that begins with the label; keyed once, since that costs more than a MAC.
    """

    id: int
    begun: hmac.HMAC = field(repr=False)

    @classmethod
    def derive(cls, secret: bytes, context: str) -> Self:
        """Derive the key of a secret.

        Args:
            secret: 32 bytes or more.
            context: Which installation it is for; another one derives other keys from the same
                secret.

        Raises:
            ValueError: The secret is shorter.
        """
        if len(secret) < 32:
            raise ValueError("a secret for refresh tokens must have 32 bytes or more")
        key = hkdf_sha256(secret, info=f"refresh-mac/v1|{context}".encode())
        name = hkdf_sha256(secret, info=f"refresh-key-id/v1|{context}".encode())
        return cls(id=name[0], begun=hmac.new(key, _LABEL, hashlib.sha256))

    def mac(self, body: bytes) -> bytes:
        """Authenticate the body of a token.

        Returns:
            32 bytes, HMAC-SHA-256 of label and body.
        """
        mac = self.begun.copy()
        mac.update(body)
        return mac.digest()


def derived_refresh_secret(jwt_secret: bytes) -> bytes:
    """Derive the secret for refresh tokens where none of its own is configured.

    Returns:
        32 bytes that neither are nor disclose the secret for access tokens.
    """
    return hkdf_sha256(jwt_secret, info=b"latchkey/refresh-secret/v1")
