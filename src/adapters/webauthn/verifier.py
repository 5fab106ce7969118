"""Verifies what browsers send about passkeys."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final, Protocol

from typing_extensions import override

from latchkey.adapters.webauthn.client_data import CREATE, GET, ClientData
from latchkey.domain.factors.errors import PasskeyInvalidError
from latchkey.domain.factors.passkey import NewPasskey, Passkey, PasskeyUse
from latchkey.domain.factors.passkey_verifier import Assertion, Attestation, PasskeyVerifier

_MAX_ID_BYTES: Final = 1023  # WebAuthn Level 3, section 5.1.3


class _State(Protocol):
    """What `signatures.DeviceState` has. That module is imported with the first passkey."""

    @property
    def rp_id_hash(self) -> bytes: ...
    @property
    def is_present(self) -> bool: ...
    @property
    def is_verified(self) -> bool: ...
    @property
    def is_synced(self) -> bool: ...
    @property
    def is_backed_up(self) -> bool: ...


class Fido2PasskeyVerifier(PasskeyVerifier):
    """Has fido2 parse and verify, and judges the result itself.

    fido2 is imported with the first passkey: it takes a while, and many processes see none.
    """

    def __init__(self, rp_id: str, is_own: Callable[[str], bool]) -> None:
        """Set what passkeys are bound to.

        Args:
            rp_id: The relying party's identifier, a host name.
            is_own: Whether an origin is one of the service's pages.
        """
        self._rp_id_hash = hashlib.sha256(rp_id.encode()).digest()
        self._is_own = is_own

    @override
    def challenge_of(self, client_data: bytes) -> str:
        return ClientData.read(client_data).challenge

    @override
    def created(self, attestation: Attestation) -> NewPasskey:
        from latchkey.adapters.webauthn.signatures import Attested  # noqa: PLC0415 - loads fido2

        ClientData.read(attestation.client_data).check(CREATE, self._is_own)
        attested = Attested.read(attestation.attestation_object)
        state = attested.state
        self._check(state)
        if not 0 < len(attested.credential_id) <= _MAX_ID_BYTES:
            raise PasskeyInvalidError
        if attested.credential_id != attestation.credential_id:
            raise PasskeyInvalidError
        return NewPasskey(
            credential_id=attested.credential_id,
            public_key=attested.public_key,
            sign_count=state.sign_count,
            is_synced=state.is_synced,
            is_backed_up=state.is_backed_up,
        )

    @override
    def used(self, passkey: Passkey, assertion: Assertion) -> PasskeyUse:
        from latchkey.adapters.webauthn.signatures import (  # noqa: PLC0415 - loads fido2
            DeviceState,
            verify,
        )

        ClientData.read(assertion.client_data).check(GET, self._is_own)
        state = DeviceState.read(assertion.authenticator_data)
        self._check(state)
        if state.is_synced != passkey.is_synced:
            raise PasskeyInvalidError
        if assertion.credential_id != passkey.credential_id:
            raise PasskeyInvalidError
        if assertion.user_handle != passkey.user_handle:
            raise PasskeyInvalidError
        hashed = hashlib.sha256(assertion.client_data).digest()
        verify(passkey.public_key, assertion.authenticator_data + hashed, assertion.signature)
        return PasskeyUse(sign_count=state.sign_count, is_backed_up=state.is_backed_up)

    def _check(self, state: _State) -> None:
        """Check what holds of each signature.

        Raises:
            PasskeyInvalidError: It is for another relying party, the device has not verified the
                user, or it contradicts itself.
        """
        is_ours = hmac.compare_digest(state.rp_id_hash, self._rp_id_hash)
        is_backup_possible = state.is_synced or not state.is_backed_up
        if not (is_ours and state.is_present and state.is_verified and is_backup_possible):
            raise PasskeyInvalidError
