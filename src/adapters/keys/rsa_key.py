"""RSA keys for RS256: for verifiers that know nothing newer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typing_extensions import override

from latchkey.adapters.keys.jwk import Jwk, JwkError, number_of, thumbprint, unsigned
from latchkey.adapters.keys.key import PrivateKey, PublicKey

_LEAST_BITS: Final = 2048
_MOST_BITS: Final = 8192
_EXPONENT: Final = 65_537
_PADDING: Final = PKCS1v15()
_HASH: Final = SHA256()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RsaPublicKey(PublicKey):
    """Verifies; PKCS #1 version 1.5 has one signature for each message."""

    alg: ClassVar[str] = "RS256"
    kid: str
    jwk: Mapping[str, str]
    pem: bytes
    public: rsa.RSAPublicKey

    @classmethod
    def holding(cls, public: rsa.RSAPublicKey) -> Self:
        """Return the key around a public key.

        Raises:
            JwkError: The key is too short, or so long that signing would take seconds.
        """
        if not _LEAST_BITS <= public.key_size <= _MOST_BITS:
            raise JwkError(f"has {public.key_size} bits, not {_LEAST_BITS} to {_MOST_BITS}")
        numbers = public.public_numbers()
        jwk = {"kty": "RSA", "n": unsigned(numbers.n), "e": unsigned(numbers.e)}
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return cls(kid=thumbprint(jwk), jwk=jwk, pem=pem, public=public)

    @classmethod
    def of(cls, jwk: Jwk) -> Self:
        """Return the key of a JWK.

        Raises:
            JwkError: It is not such a key.
        """
        try:
            numbers = rsa.RSAPublicNumbers(number_of(jwk, "e"), number_of(jwk, "n"))
            return cls.holding(numbers.public_key())
        except JwkError:
            raise
        except ValueError:
            raise JwkError("has numbers that are not those of a key") from None

    @override
    def verify(self, message: bytes, signature: bytes) -> bool:
        try:
            self.public.verify(signature, message, _PADDING, _HASH)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class RsaKey(PrivateKey):
    """Signs with RS256, which takes 20 times as long as ES256.

    Source: RFC 7518, sections 3.3 (RS256, at least 2048 bits) and 6.3 (JWK).
    """

    verifying: RsaPublicKey
    private: rsa.RSAPrivateKey = field(repr=False)

    @classmethod
    def holding(cls, private: rsa.RSAPrivateKey) -> Self:
        """Return the key around a private key.

        Raises:
            JwkError: The key is too short, or so long that signing would take seconds.
        """
        return cls(RsaPublicKey.holding(private.public_key()), private)

    @classmethod
    def generate(cls) -> Self:
        """Create a new key of 2048 bits."""
        return cls.holding(rsa.generate_private_key(_EXPONENT, _LEAST_BITS))

    @classmethod
    def of(cls, jwk: Jwk) -> Self:
        """Return the key of a JWK, which has all members of RFC 7518, section 6.3.

        Raises:
            JwkError: It is not such a key.
        """
        public = RsaPublicKey.of(jwk).public.public_numbers()
        d, p, q, dp, dq, qi = (number_of(jwk, name) for name in ("d", "p", "q", "dp", "dq", "qi"))
        numbers = rsa.RSAPrivateNumbers(
            p=p, q=q, d=d, dmp1=dp, dmq1=dq, iqmp=qi, public_numbers=public
        )
        try:
            return cls.holding(numbers.private_key())
        except ValueError:
            raise JwkError("has numbers that do not belong together") from None

    @override
    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message, _PADDING, _HASH)

    @override
    def private_members(self) -> dict[str, str]:
        numbers = self.private.private_numbers()
        return {
            "d": unsigned(numbers.d),
            "p": unsigned(numbers.p),
            "q": unsigned(numbers.q),
            "dp": unsigned(numbers.dmp1),
            "dq": unsigned(numbers.dmq1),
            "qi": unsigned(numbers.iqmp),
        }
