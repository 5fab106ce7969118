"""The published keys as a verifier uses them, independent of the service's own code."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from latchkey.testing.flow.expectations import assert_status, json_object
from latchkey.testing.flow.jwt_anatomy import Anatomy

JWKS: Final = "/.well-known/jwks.json"
MEMBERS: Final = {
    "ES256": {"kty": "EC", "crv": "P-256", "x": None, "y": None},
    "EdDSA": {"kty": "OKP", "crv": "Ed25519", "x": None},
    "RS256": {"kty": "RSA", "n": None, "e": None},
}
"""The members that say which key it is, by algorithm; None for any text."""

PublicKey = ec.EllipticCurvePublicKey | Ed25519PublicKey | rsa.RSAPublicKey


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A key of the list.

    Attributes:
        members: Its JWK.
    """

    members: dict[str, Any]

    @property
    def alg(self) -> str:
        return str(self.members["alg"])

    @property
    def kid(self) -> str:
        return str(self.members["kid"])

    @property
    def thumbprint(self) -> str:
        required = {name: self.members[name] for name in MEMBERS[self.alg]}
        text = json.dumps(dict(sorted(required.items())), separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    @property
    def public(self) -> PublicKey:
        """The key itself."""
        if self.alg == "ES256":
            x, y = self._number("x"), self._number("y")
            return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        if self.alg == "EdDSA":
            return Ed25519PublicKey.from_public_bytes(self._bytes("x"))
        return rsa.RSAPublicNumbers(self._number("e"), self._number("n")).public_key()

    def verifies(self, token: str) -> bool:
        """Return whether the key has signed a token."""
        signing_input, _, _ = token.rpartition(".")
        try:
            self._verify(Anatomy.of(token).signature, signing_input.encode())
        except InvalidSignature:
            return False
        return True

    def _verify(self, signature: bytes, message: bytes) -> None:
        match self.public:
            case ec.EllipticCurvePublicKey() as key:
                r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
                key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
            case Ed25519PublicKey() as key:
                key.verify(signature, message)
            case rsa.RSAPublicKey() as key:
                key.verify(signature, message, PKCS1v15(), SHA256())

    def _number(self, name: str) -> int:
        return int.from_bytes(self._bytes(name))

    def _bytes(self, name: str) -> bytes:
        text = str(self.members[name])
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(slots=True)
class CachingVerifier:
    """A service that verifies tokens, and fetches the list only when its copy is too old.

    Attributes:
        age: How old its copy may become.
        known: The `kid` of each key that was in one of its copies.
    """

    age: timedelta
    known: set[str] = field(default_factory=set)
    _fetched_at: datetime | None = None
    _keys: list[PublishedKey] = field(default_factory=list)

    async def refuses(self, http: httpx.AsyncClient, token: str, now: datetime) -> bool:
        """Return whether no key of its copy has signed a token."""
        if self._fetched_at is None or now - self._fetched_at >= self.age:
            self._keys, self._fetched_at = await published_keys(http), now
            self.known |= {key.kid for key in self._keys}
        kid = Anatomy.of(token).header_members["kid"]
        return not any(key.kid == kid and key.verifies(token) for key in self._keys)


async def published_keys(http: httpx.AsyncClient) -> list[PublishedKey]:
    """Fetch the list."""
    response = await http.get(JWKS)
    assert_status(response, 200)
    return [PublishedKey(members) for members in json_object(response)["keys"]]


def key_of(token: str, keys: Sequence[PublishedKey]) -> PublishedKey:
    """Return the key that a token names; there must be one."""
    kid = Anatomy.of(token).header_members["kid"]
    [key] = [each for each in keys if each.kid == kid]
    return key
