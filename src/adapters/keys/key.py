"""What a key can do. Keys that verify and keys that sign are two types: the first cannot sign.

A new kind of key, such as one for ES256, is a subclass of each.
"""

from abc import ABC, abstractmethod
from typing import ClassVar


class VerifyingKey(ABC):
    """Checks signatures, and has no method that makes one.

    Code that has only verifying keys cannot issue a token, whatever else goes wrong in it. With a
    symmetric algorithm only the types ensure this, because the object holds the secret.

    Attributes:
        alg: The JOSE name of the one algorithm of this kind of key. The key decides about the
            algorithm, never the token.
        kid: Names the key in tokens; not secret.

    Source: RFC 7518, section 3.1 (`alg`); RFC 7515, section 4.1.4 (`kid`); RFC 8725, section 3.1.
    """

    alg: ClassVar[str]
    kid: str

    @abstractmethod
    def verify(self, message: bytes, signature: bytes) -> bool:
        """Return whether this key signed a message.

        If signatures of a message can be derived from each other without the key, must accept
        exactly one of them, so that nobody can change the text of a token. Must compare values that
        depend on a secret in constant time. Must not raise an error for any message or signature.
        """


class SigningKey(ABC):
    """Makes signatures.

    Attributes:
        verifying: The part of the key that verifies what it signs.
    """

    verifying: VerifyingKey

    @abstractmethod
    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, raw bytes as in RFC 7518, section 3."""
