"""HMAC-SHA-256 keys: the same secret signs and verifies."""

import hmac
from dataclasses import dataclass, field
from typing import ClassVar, Final

import jwt
from typing_extensions import override

from latchkey.adapters.keys.key import SigningKey, VerifyingKey

_ALGORITHM: Final = "HS256"
_HS256: Final = jwt.get_algorithm_by_name(_ALGORITHM)


@dataclass(frozen=True, slots=True, kw_only=True)
class HmacVerifyingKey(VerifyingKey):
    """Verifies by computing the signature again.

    Attributes:
        begun: An HMAC object without a message. It is copied for each message, because setting up
            the key takes longer than the HMAC itself.
    """

    alg: ClassVar[str] = _ALGORITHM
    kid: str
    begun: hmac.HMAC = field(repr=False)

    @override
    def verify(self, message: bytes, signature: bytes) -> bool:
        mac = self.begun.copy()
        mac.update(message)
        return hmac.compare_digest(mac.digest(), signature)


@dataclass(frozen=True, slots=True)
class HmacKey(SigningKey):
    """Signs with HS256; signatures have 32 bytes.

    Source: RFC 2104; RFC 7518, section 3.2 (HS256, and the length of its key).
    """

    verifying: HmacVerifyingKey

    @classmethod
    def of(cls, secret: bytes, kid: str) -> "HmacKey":
        """Create a key.

        Args:
            secret: 32 bytes or more, the key itself.
            kid: The name of the key.

        Raises:
            ValueError: The secret is shorter than 32 bytes.
            jwt.InvalidKeyError: The secret is a PEM or SSH key or a JWK. Such a key can be public,
                and then anybody could sign with it.
        """
        key: bytes = _HS256.prepare_key(secret)
        if _HS256.check_key_length(key):
            raise ValueError("a secret for HMAC must have 32 bytes or more")
        return cls(HmacVerifyingKey(kid=kid, begun=hmac.new(key, digestmod="sha256")))

    @override
    def sign(self, message: bytes) -> bytes:
        mac = self.verifying.begun.copy()
        mac.update(message)
        return mac.digest()
