"""Ed25519 keys for EdDSA."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as Public
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typing_extensions import override

from latchkey.adapters.keys.jwk import Jwk, base64url, bytes_of, thumbprint
from latchkey.adapters.keys.key import PrivateKey, PublicKey

_SIZE: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ed25519PublicKey(PublicKey):
    """Verifies; OpenSSL accepts no S that is not reduced (RFC 8032, section 5.1.7)."""

    alg: ClassVar[str] = "EdDSA"
    kid: str
    jwk: Mapping[str, str]
    pem: bytes
    public: Public

    @classmethod
    def holding(cls, public: Public) -> Self:
        """Return the key around a public key."""
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url(public.public_bytes_raw())}
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return cls(kid=thumbprint(jwk), jwk=jwk, pem=pem, public=public)

    @classmethod
    def of(cls, jwk: Jwk) -> Self:
        """Return the key of a JWK.

        Raises:
            JwkError: It is not such a key.
        """
        return cls.holding(Public.from_public_bytes(bytes_of(jwk, "x", _SIZE)))

    @override
    def verify(self, message: bytes, signature: bytes) -> bool:
        try:
            self.public.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Ed25519Key(PrivateKey):
    """Signs with EdDSA; signatures have 64 bytes.

    RFC 9864 renames the algorithm to `Ed25519`. Verifiers know the old name, and only some of them
    the new one.

    Source: RFC 8032, section 5.1; RFC 8037, sections 2 (JWK) and 3.1 (EdDSA).
    """

    verifying: Ed25519PublicKey
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def holding(cls, private: Ed25519PrivateKey) -> Self:
        """Return the key around a private key."""
        return cls(Ed25519PublicKey.holding(private.public_key()), private)

    @classmethod
    def generate(cls) -> Self:
        """Create a new key."""
        return cls.holding(Ed25519PrivateKey.generate())

    @classmethod
    def of(cls, jwk: Jwk) -> Self:
        """Return the key of a JWK; only its private member is read.

        Raises:
            JwkError: It is not such a key.
        """
        return cls.holding(Ed25519PrivateKey.from_private_bytes(bytes_of(jwk, "d", _SIZE)))

    @override
    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)

    @override
    def private_members(self) -> dict[str, str]:
        return {"d": base64url(self.private.private_bytes_raw())}
