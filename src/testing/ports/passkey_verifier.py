"""What a verifier of passkeys promises."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.factors.errors import PasskeyInvalidError
from latchkey.domain.factors.passkey import Passkey, PasskeyUse
from latchkey.domain.factors.passkey_verifier import Assertion, Attestation, PasskeyVerifier
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.suite import any_adapter
from latchkey.testing.soft_authenticator import (
    BACKED_UP,
    PRESENT,
    SYNCED,
    USUAL,
    VERIFIED,
    Ceremony,
    SoftPasskey,
    decoded,
    encoded,
)

RP_ID: Final = "example.com"
ORIGIN: Final = "https://auth.example.com"
"""What the verifier under test is for."""
OPTIONS: Final[Mapping[str, Any]] = {
    "rp": {"id": RP_ID},
    "user": {"id": encoded(b"h" * 32)},
    "challenge": "Y2hhbGxlbmdl",
}
HOW: Final = Ceremony(origin=ORIGIN)
WRONG: Final[Mapping[str, Mapping[str, Any]]] = {
    "another page": {"origin": "https://evil.example"},
    "another relying party": {"rp_id": "evil.example"},
    "another request": {"kind": "payment.get"},
    "a frame": {"client_data": {"crossOrigin": True}},
    "a frame of a page": {"client_data": {"topOrigin": "https://evil.example"}},
    "a user who was not verified": {"flags": PRESENT},
    "a user who was absent": {"flags": VERIFIED},
    "a backup of what has none": {"flags": USUAL | BACKED_UP},
}
"""What is never accepted, of a new passkey or of a signature."""
wrong: Final = pytest.mark.parametrize("how", WRONG.values(), ids=WRONG.keys())


def attestation_of(
    device: SoftPasskey,
    how: Ceremony = HOW,
    **statement: Any,  # noqa: ANN401 - of any member
) -> Attestation:
    """Return what a browser sends of a new passkey."""
    made = device.attest(OPTIONS, how, **statement)["response"]
    return Attestation(
        credential_id=device.id,
        client_data=decoded(made["clientDataJSON"]),
        attestation_object=decoded(made["attestationObject"]),
    )


def assertion_of(device: SoftPasskey, how: Ceremony = HOW) -> Assertion:
    """Return what a browser sends to sign in."""
    signed = device.sign(OPTIONS, how)["response"]
    return Assertion(
        credential_id=device.id,
        client_data=decoded(signed["clientDataJSON"]),
        authenticator_data=decoded(signed["authenticatorData"]),
        signature=decoded(signed["signature"]),
        user_handle=decoded(signed["userHandle"]),
    )


def _stored(verifier: PasskeyVerifier, device: SoftPasskey, how: Ceremony = HOW) -> Passkey:
    return Passkey.of(
        verifier.created(attestation_of(device, how)),
        user_handle=device.user_handle,
        rp_id=RP_ID,
        name="x",
        transports=(),
        now=START,
    )


class PasskeyVerifierSuite:
    """All that a verifier promises. Asks for `passkey_verifier`, for `RP_ID` and `ORIGIN`."""

    @pytest.mark.parametrize("alg", [-7, -8, -257])
    def test_a_passkey_and_its_signature_are_accepted(
        self, passkey_verifier: PasskeyVerifier, alg: int
    ) -> None:
        device = SoftPasskey.made(OPTIONS, alg=alg)
        synced = HOW.but(flags=USUAL | SYNCED | BACKED_UP, count=3)

        passkey = _stored(passkey_verifier, device, synced)
        use = passkey_verifier.used(
            passkey, assertion_of(device, synced.but(flags=USUAL | SYNCED, count=4))
        )

        assert (passkey.credential_id, passkey.sign_count) == (device.id, 3)
        assert (passkey.is_synced, passkey.is_backed_up) == (True, True)
        assert use == PasskeyUse(sign_count=4, is_backed_up=False)

    def test_the_counter_is_told_and_not_judged(self, passkey_verifier: PasskeyVerifier) -> None:
        device = SoftPasskey.made(OPTIONS)
        passkey = _stored(passkey_verifier, device, HOW.but(count=9))

        use = passkey_verifier.used(passkey, assertion_of(device, HOW.but(count=2)))

        assert use.sign_count == 2

    def test_an_attestation_statement_is_ignored(self, passkey_verifier: PasskeyVerifier) -> None:
        device = SoftPasskey.made(OPTIONS)
        stated = {"fmt": "packed", "attStmt": {"alg": -7, "sig": b"x"}}

        new = passkey_verifier.created(attestation_of(device, HOW, **stated))

        assert new.credential_id == device.id

    @wrong
    def test_a_new_passkey_is_refused_with(
        self, passkey_verifier: PasskeyVerifier, how: Mapping[str, Any]
    ) -> None:
        device = SoftPasskey.made(OPTIONS)

        with pytest.raises(PasskeyInvalidError):
            passkey_verifier.created(attestation_of(device, HOW.but(**how)))

    @wrong
    def test_a_signature_is_refused_with(
        self, passkey_verifier: PasskeyVerifier, how: Mapping[str, Any]
    ) -> None:
        device = SoftPasskey.made(OPTIONS)
        passkey = _stored(passkey_verifier, device)

        with pytest.raises(PasskeyInvalidError):
            passkey_verifier.used(passkey, assertion_of(device, HOW.but(**how)))

    def test_neither_ceremony_is_taken_for_the_other(
        self, passkey_verifier: PasskeyVerifier
    ) -> None:
        device = SoftPasskey.made(OPTIONS)
        passkey = _stored(passkey_verifier, device)

        with pytest.raises(PasskeyInvalidError):
            passkey_verifier.created(attestation_of(device, HOW.but(kind="webauthn.get")))
        with pytest.raises(PasskeyInvalidError):
            passkey_verifier.used(passkey, assertion_of(device, HOW.but(kind="webauthn.create")))

    def test_a_new_passkey_with_another_id_than_it_says_is_refused(
        self, passkey_verifier: PasskeyVerifier
    ) -> None:
        made = attestation_of(SoftPasskey.made(OPTIONS))

        with pytest.raises(PasskeyInvalidError):
            passkey_verifier.created(replace(made, credential_id=b"other"))

    def test_a_signature_by_another_key_is_refused(self, passkey_verifier: PasskeyVerifier) -> None:
        ours, other = (SoftPasskey.made(OPTIONS, credential_id=b"same") for _ in range(2))
        passkey = _stored(passkey_verifier, ours)

        with pytest.raises(PasskeyInvalidError):
            passkey_verifier.used(passkey, assertion_of(other))

    def test_a_signature_for_another_passkey_is_refused(
        self, passkey_verifier: PasskeyVerifier
    ) -> None:
        device = SoftPasskey.made(OPTIONS)
        passkey, signed = _stored(passkey_verifier, device), assertion_of(device)

        with pytest.raises(PasskeyInvalidError):
            passkey_verifier.used(passkey, replace(signed, credential_id=b"other"))

    def test_a_signature_for_another_user_is_refused(
        self, passkey_verifier: PasskeyVerifier
    ) -> None:
        device = SoftPasskey.made(OPTIONS)
        passkey, signed = _stored(passkey_verifier, device), assertion_of(device)

        for handle in (None, b"o" * 32):
            with pytest.raises(PasskeyInvalidError):
                passkey_verifier.used(passkey, replace(signed, user_handle=handle))

    def test_the_challenge_is_told_before_anything_is_verified(
        self, passkey_verifier: PasskeyVerifier
    ) -> None:
        said = HOW.but(origin="https://evil.example").said("webauthn.get", OPTIONS)

        assert passkey_verifier.challenge_of(said) == OPTIONS["challenge"]

    @any_adapter
    @given(st.binary(max_size=200))
    def test_any_bytes_are_refused(self, passkey_verifier: PasskeyVerifier, raw: bytes) -> None:
        device = SoftPasskey.made(OPTIONS, alg=-8)
        made, signed = attestation_of(device), assertion_of(device)
        passkey = _stored(passkey_verifier, device)

        with pytest.raises(PasskeyInvalidError):
            passkey_verifier.challenge_of(raw)
        with pytest.raises(PasskeyInvalidError):
            passkey_verifier.created(replace(made, attestation_object=raw))
        for part in ("client_data", "authenticator_data", "signature"):
            with pytest.raises(PasskeyInvalidError):
                passkey_verifier.used(passkey, replace(signed, **{part: raw}))
