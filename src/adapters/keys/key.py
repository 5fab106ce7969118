"""What a key can do. Keys that verify and keys that sign are two types: the first cannot sign.

A new kind of key is a subclass of each.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
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


class PublicKey(VerifyingKey):
    """Verifies with the public half of a key pair, so anybody may have it.

    Its `kid` is its thumbprint: whoever has the key can compute the name, and no two keys share
    one.

    Attributes:
        jwk: The public members that say which key it is, such as `kty`, `crv`, `x` and `y`.
        pem: The key as PEM text, SubjectPublicKeyInfo.

    Source: RFC 7517, section 4; RFC 7638 (thumbprint); RFC 5280, section 4.1 (SPKI).
    """

    jwk: Mapping[str, str]
    pem: bytes

    @property
    def listed(self) -> dict[str, str]:
        """The key as an entry of a JWK Set."""
        return {**self.jwk, "use": "sig", "alg": self.alg, "kid": self.kid}


class SigningKey(ABC):
    """Makes signatures.

    Attributes:
        verifying: The part of the key that verifies what it signs.
    """

    verifying: VerifyingKey

    @abstractmethod
    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, raw bytes as in RFC 7518, section 3."""


class PrivateKey(SigningKey):
    """Signs with the private half of a key pair."""

    verifying: PublicKey

    @abstractmethod
    def private_members(self) -> dict[str, str]:
        """Return the members of the JWK that must stay secret, such as `d`."""
