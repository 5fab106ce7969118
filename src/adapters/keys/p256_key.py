"""P-256 keys for ES256: the default kind of key pair, since every verifier knows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typing_extensions import override

from latchkey.adapters.keys.jwk import Jwk, JwkError, base64url, bytes_of, thumbprint
from latchkey.adapters.keys.key import PrivateKey, PublicKey

_SIZE: Final = 32  # bytes of a coordinate and of each half of a signature
_ORDER: Final = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551
_CURVE: Final = ec.SECP256R1()
_ECDSA: Final = ec.ECDSA(SHA256())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class P256PublicKey(PublicKey):
    """Verifies the one spelling of a signature: r and s of 32 bytes each, and the lower s.

    With r and s, r and n - s is a signature of the same message, too, and anybody can compute it.
    """

    alg: ClassVar[str] = "ES256"
    kid: str
    jwk: Mapping[str, str]
    pem: bytes
    public: ec.EllipticCurvePublicKey

    @classmethod
    def holding(cls, public: ec.EllipticCurvePublicKey) -> Self:
        """Return the key around a public key on P-256."""
        point = public.public_numbers()
        x, y = (base64url(each.to_bytes(_SIZE)) for each in (point.x, point.y))
        jwk = {"kty": "EC", "crv": "P-256", "x": x, "y": y}
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return cls(kid=thumbprint(jwk), jwk=jwk, pem=pem, public=public)

    @classmethod
    def of(cls, jwk: Jwk) -> Self:
        """Return the key of a JWK.

        Raises:
            JwkError: It is not such a key.
        """
        x, y = (int.from_bytes(bytes_of(jwk, name, _SIZE)) for name in ("x", "y"))
        try:
            return cls.holding(ec.EllipticCurvePublicNumbers(x, y, _CURVE).public_key())
        except ValueError:
            raise JwkError("is not a point of the curve") from None

    @override
    def verify(self, message: bytes, signature: bytes) -> bool:
        first, second = signature[:_SIZE], signature[_SIZE:]
        r, s = int.from_bytes(first), int.from_bytes(second)
        if (len(first), len(second)) != (_SIZE, _SIZE) or s > _ORDER // 2:
            return False
        try:
            self.public.verify(encode_dss_signature(r, s), message, _ECDSA)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class P256Key(PrivateKey):
    """Signs with ES256; signatures have 64 bytes.

    Source: RFC 7518, sections 3.4 (ES256) and 6.2 (JWK); SEC 1, section 4.1.3.
    """

    verifying: P256PublicKey
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def holding(cls, private: ec.EllipticCurvePrivateKey) -> Self:
        """Return the key around a private key on P-256."""
        return cls(P256PublicKey.holding(private.public_key()), private)

    @classmethod
    def generate(cls) -> Self:
        """Create a new key."""
        return cls.holding(ec.generate_private_key(_CURVE))

    @classmethod
    def of(cls, jwk: Jwk) -> Self:
        """Return the key of a JWK; only its private member is read.

        Raises:
            JwkError: It is not such a key.
        """
        secret = int.from_bytes(bytes_of(jwk, "d", _SIZE))
        if not 0 < secret < _ORDER:
            raise JwkError("has a `d` that is out of range")
        return cls.holding(ec.derive_private_key(secret, _CURVE))

    @override
    def sign(self, message: bytes) -> bytes:
        r, s = decode_dss_signature(self.private.sign(message, _ECDSA))
        return r.to_bytes(_SIZE) + min(s, _ORDER - s).to_bytes(_SIZE)

    @override
    def private_members(self) -> dict[str, str]:
        return {"d": base64url(self.private.private_numbers().private_value.to_bytes(_SIZE))}
