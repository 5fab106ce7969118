"""What devices sign, parsed and verified by fido2. Importing this module takes its time.

fido2 raises whatever its parts raise on bytes that no device makes: here all of that is
`PasskeyInvalidError`.

Source: WebAuthn Level 3, sections 6.1 (authenticator data) and 6.5 (attestation object).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.webauthn import AttestationObject, AuthenticatorData

from latchkey.domain.factors.errors import PasskeyInvalidError

_KEY_TYPES: Final = {-8: 1, -7: 2, -257: 3}
"""The algorithms EdDSA, ES256 and RS256, each with the type of its keys (RFC 9053, RFC 8812)."""
_FLAG: Final = AuthenticatorData.FLAG


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """What a device tells with each signature.

    Attributes:
        rp_id_hash: The SHA-256 of the relying party that it signs for.
        is_present: Whether the user has touched it.
        is_verified: Whether it has asked the user for something that only they know or are.
        is_synced: Whether the passkey can be copied to other devices.
        is_backed_up: Whether it has been.
    """

    rp_id_hash: bytes
    is_present: bool
    is_verified: bool
    is_synced: bool
    is_backed_up: bool
    sign_count: int

    @classmethod
    def of(cls, data: AuthenticatorData) -> Self:
        """Return what parsed authenticator data tells."""
        return cls(
            rp_id_hash=data.rp_id_hash,
            is_present=bool(data.flags & _FLAG.UP),
            is_verified=bool(data.flags & _FLAG.UV),
            is_synced=bool(data.flags & _FLAG.BE),
            is_backed_up=bool(data.flags & _FLAG.BS),
            sign_count=data.counter,
        )

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Parse any bytes as authenticator data of a signature.

        Raises:
            PasskeyInvalidError: They are not.
        """
        with _hostile_input():
            return cls.of(AuthenticatorData(raw))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """What a device tells of a new passkey.

    Attributes:
        public_key: In COSE_Key form.
    """

    state: DeviceState
    credential_id: bytes
    public_key: bytes = field(repr=False)

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Parse any bytes as an attestation object. The statement in it is ignored.

        Raises:
            PasskeyInvalidError: They are not, or the key cannot verify signatures.
        """
        with _hostile_input():
            data = AttestationObject(raw).auth_data
            credential = data.credential_data
            if credential is None:
                raise PasskeyInvalidError
            key = credential.public_key
            _check_usable(key)
            return cls(
                state=DeviceState.of(data),
                credential_id=credential.credential_id,
                public_key=cbor.encode(key),
            )


def verify(public_key: bytes, message: bytes, signature: bytes) -> None:
    """Verify a signature.

    Raises:
        PasskeyInvalidError: The key has not made it.
    """
    with _hostile_input():
        CoseKey.parse(cbor.decode(public_key)).verify(message, signature)  # type: ignore[arg-type] # it is a map


def _check_usable(key: CoseKey) -> None:
    if _KEY_TYPES.get(key[3]) != key[1]:
        raise PasskeyInvalidError
    try:
        key.verify(b"", bytes(64))
    except InvalidSignature:  # so the key is one
        return
    raise PasskeyInvalidError


@contextmanager
def _hostile_input() -> Iterator[None]:
    try:
        yield
    except PasskeyInvalidError:
        raise
    except Exception:  # noqa: BLE001 - see the docstring of the module
        raise PasskeyInvalidError from None
