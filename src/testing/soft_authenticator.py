"""A device with passkeys, in software, together with the browser in front of it.

It answers the options of the service as browsers do, with what `PublicKeyCredential.toJSON()`
returns. It can also do what no browser does: see `Ceremony`.

Source: WebAuthn Level 3, sections 5.1, 5.8.1, 6.1 and 6.5.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from fido2 import cbor

PRESENT: Final = 0x01
VERIFIED: Final = 0x04
SYNCED: Final = 0x08
BACKED_UP: Final = 0x10
ATTESTED: Final = 0x40
USUAL: Final = PRESENT | VERIFIED
_DIGEST: Final = hashes.SHA256()

Options = Mapping[str, Any]
Json = dict[str, Any]
Key = tuple[Callable[[bytes], bytes], Mapping[int, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """How browser and device behave, as they should unless it says otherwise.

    Attributes:
        origin: That of the page.
        flags: What the device says of itself.
        rp_id: What it signs for; None for what the options say.
        count: Its signature counter.
        kind: What the browser says that it was asked for; None for the truth.
        challenge: What it says that the challenge was; None for the truth.
        client_data: More members of what the browser says.
        user_handle: What the device knows the user by; None for what it was told.
        extra: Bytes after the authenticator data.
    """

    origin: str
    flags: int = USUAL
    rp_id: str | None = None
    count: int = 0
    kind: str | None = None
    challenge: str | None = None
    client_data: Mapping[str, object] = field(default_factory=dict)
    user_handle: bytes | None = None
    extra: bytes = b""

    def but(self, **changes: Any) -> "Ceremony":  # noqa: ANN401 - of any field
        """Return one that differs."""
        return replace(self, **changes)

    def said(self, kind: str, options: Options) -> bytes:
        """Return what the browser says, which the device signs the hash of."""
        members = {
            "type": self.kind or kind,
            "challenge": self.challenge or options["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
            **self.client_data,
        }
        return json.dumps(members, separators=(",", ":")).encode()

    def data(self, rp_id: str, attested: bytes = b"") -> bytes:
        """Return what the device says of itself."""
        flags = self.flags | (ATTESTED if attested else 0)
        hashed = hashlib.sha256((self.rp_id or rp_id).encode()).digest()
        return hashed + bytes([flags]) + self.count.to_bytes(4) + attested + self.extra


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftPasskey:
    """A passkey in a device.

    Attributes:
        id: The credential id.
    """

    id: bytes
    rp_id: str
    user_handle: bytes
    key: Key = field(repr=False)

    @classmethod
    def made(cls, options: Options, *, alg: int = -7, credential_id: bytes | None = None) -> Self:
        """Make a passkey for creation options, the inner ones of the response."""
        return cls(
            id=credential_id or secrets.token_bytes(16),
            rp_id=options["rp"]["id"],
            user_handle=decoded(options["user"]["id"]),
            key=_KEYS[alg](),
        )

    def attest(self, options: Options, how: Ceremony, **statement: Any) -> Json:  # noqa: ANN401
        """Return what the browser sends of the new passkey.

        Args:
            options: The inner ones of the response.
            how: How browser and device behave.
            **statement: Members that replace those of the attestation object.
        """
        said = how.said("webauthn.create", options)
        id_length = len(self.id).to_bytes(2)
        attested = bytes(16) + id_length + self.id + cbor.encode(self.key[1])
        data = how.data(self.rp_id, attested)
        stated = {"fmt": "none", "attStmt": {}, "authData": data, **statement}
        return self._credential(
            {
                "clientDataJSON": encoded(said),
                "attestationObject": encoded(cbor.encode(stated)),
                "transports": ["internal", "hybrid"],
                "publicKeyAlgorithm": -7,
            }
        )

    def sign(self, options: Options, how: Ceremony) -> Json:
        """Return what the browser sends to sign in, for the inner options of the response."""
        said = how.said("webauthn.get", options)
        data = how.data(self.rp_id)
        signature = self.key[0](data + hashlib.sha256(said).digest())
        return self._credential(
            {
                "clientDataJSON": encoded(said),
                "authenticatorData": encoded(data),
                "signature": encoded(signature),
                "userHandle": encoded(how.user_handle or self.user_handle),
            }
        )

    def _credential(self, response: Json) -> Json:
        return {
            "id": encoded(self.id),
            "rawId": encoded(self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }


def encoded(raw: bytes) -> str:
    """Encode bytes as browsers do: base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Decode what `encoded` returns."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _es256() -> Key:
    key = ec.generate_private_key(ec.SECP256R1())
    at = key.public_key().public_numbers()
    cose = {1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32), -3: at.y.to_bytes(32)}
    return (lambda message: key.sign(message, ec.ECDSA(_DIGEST))), cose


def _eddsa() -> Key:
    key = ed25519.Ed25519PrivateKey.generate()
    return key.sign, {1: 1, 3: -8, -1: 6, -2: key.public_key().public_bytes_raw()}


def _rs256() -> Key:
    key = rsa.generate_private_key(65537, 2048)
    public = key.public_key().public_numbers()
    cose = {1: 3, 3: -257, -1: public.n.to_bytes(256), -2: public.e.to_bytes(3)}
    return (lambda message: key.sign(message, padding.PKCS1v15(), _DIGEST)), cose


_KEYS: Final[Mapping[int, Callable[[], Key]]] = {-7: _es256, -8: _eddsa, -257: _rs256}
