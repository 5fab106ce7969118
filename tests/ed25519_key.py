"""A key whose public part verifies and cannot sign: what an asymmetric kind of key takes."""

from dataclasses import dataclass, field
from typing import ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from typing_extensions import override

from latchkey.adapters.keys import SigningKey, VerifyingKey


@dataclass(frozen=True, slots=True)
class Ed25519VerifyingKey(VerifyingKey):
    alg: ClassVar[str] = "EdDSA"
    kid: str
    public: Ed25519PublicKey

    @override
    def verify(self, message: bytes, signature: bytes) -> bool:
        try:
            self.public.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Ed25519Key(SigningKey):
    verifying: Ed25519VerifyingKey
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def of(cls, seed: bytes) -> Self:
        """Make the key of 32 bytes."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        public = private.public_key()
        kid = public.public_bytes_raw().hex()
        return cls(Ed25519VerifyingKey(kid=kid, public=public), private)

    @override
    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)
