"""What is accepted of browsers and devices. Most refusals are shown over HTTP."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from fido2 import cbor
from hypothesis import given
from hypothesis import strategies as st

from latchkey.adapters.webauthn import Fido2PasskeyVerifier
from latchkey.domain.factors.errors import PasskeyInvalidError
from latchkey.domain.factors.passkey import Passkey, PasskeyUse
from latchkey.domain.factors.passkey_verifier import Assertion, Attestation
from latchkey.testing.frozen_clock import START
from latchkey.testing.soft_authenticator import (
    BACKED_UP,
    SYNCED,
    USUAL,
    Ceremony,
    SoftPasskey,
    decoded,
    encoded,
)

ORIGIN: Final = "https://auth.example.com"
VERIFIER: Final = Fido2PasskeyVerifier("example.com", ORIGIN.__eq__)
CREATE: Final[Mapping[str, Any]] = {
    "rp": {"id": "example.com"},
    "user": {"id": encoded(b"h" * 32)},
    "challenge": "Y2hhbGxlbmdl",
}
GET: Final[Mapping[str, Any]] = {"challenge": "Y2hhbGxlbmdl"}
HOW: Final = Ceremony(origin=ORIGIN)


def attestation(made: Mapping[str, Any]) -> Attestation:
    response = made["response"]
    return Attestation(
        credential_id=decoded(made["rawId"]),
        client_data=decoded(response["clientDataJSON"]),
        attestation_object=decoded(response["attestationObject"]),
    )


def stored(device: SoftPasskey, how: Ceremony = HOW) -> Passkey:
    """Return the passkey of a device, as the service keeps it."""
    new = VERIFIER.created(attestation(device.attest(CREATE, how)))
    handle = device.user_handle
    return Passkey.of(
        new, user_handle=handle, rp_id="example.com", name="x", transports=(), now=START
    )


def used(device: SoftPasskey, passkey: Passkey, how: Ceremony = HOW) -> PasskeyUse:
    signed = device.sign(GET, how)
    response = {name: decoded(text) for name, text in signed["response"].items()}
    assertion = Assertion(
        credential_id=decoded(signed["rawId"]),
        client_data=response["clientDataJSON"],
        authenticator_data=response["authenticatorData"],
        signature=response["signature"],
        user_handle=response["userHandle"],
    )
    return VERIFIER.used(passkey, assertion)


@pytest.mark.parametrize("alg", [-7, -8, -257])
def test_a_passkey_of_each_algorithm_is_accepted(alg: int) -> None:
    device = SoftPasskey.made(CREATE, alg=alg)
    synced = HOW.but(flags=USUAL | SYNCED | BACKED_UP, count=3)

    passkey = stored(device, synced)

    assert (passkey.credential_id, passkey.sign_count) == (device.id, 3)
    assert (passkey.is_synced, passkey.is_backed_up) == (True, True)
    again = synced.but(flags=USUAL | SYNCED, count=4)
    assert used(device, passkey, again) == PasskeyUse(sign_count=4, is_backed_up=False)


def test_no_other_key_verifies() -> None:
    passkey = stored(SoftPasskey.made(CREATE, credential_id=b"same"))
    other = SoftPasskey.made(CREATE, credential_id=b"same")

    with pytest.raises(PasskeyInvalidError):
        used(other, passkey)


def test_another_credential_id_than_that_of_the_passkey_is_refused() -> None:
    device = SoftPasskey.made(CREATE)
    made = attestation(device.attest(CREATE, HOW))

    with pytest.raises(PasskeyInvalidError):
        VERIFIER.created(
            Attestation(
                credential_id=b"other",
                client_data=made.client_data,
                attestation_object=made.attestation_object,
            )
        )


@pytest.mark.parametrize(
    "key",
    [
        {1: 2, 3: -35, -1: 2, -2: bytes(48), -3: bytes(48)},
        {1: 2, 3: -7, -1: 1, -2: b"\1" * 32, -3: b"\1" * 32},
        {1: 3, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)},
        {1: 1, 3: -8, -1: 7, -2: bytes(57)},
        {1: 3, 3: -257, -1: b"\3", -2: b"\1\0\1"},
        {1: 3, 3: -257},
        {3: -7},
        {1: 2},
        {},
    ],
    ids=["ES384", "off curve", "wrong type", "Ed448", "short RSA", "half", "no type", "no alg", ""],
)
def test_a_key_that_cannot_verify_is_refused(key: Mapping[int, Any]) -> None:
    device = SoftPasskey(id=b"id", rp_id="example.com", user_handle=b"h", key=(bytes, key))

    with pytest.raises(PasskeyInvalidError):
        stored(device)


@pytest.mark.parametrize("statement", [{"fmt": "packed", "attStmt": {"alg": -7, "sig": b"x"}}, {}])
def test_the_attestation_statement_is_ignored(statement: Mapping[str, Any]) -> None:
    made = SoftPasskey.made(CREATE).attest(CREATE, HOW, **statement)

    assert VERIFIER.created(attestation(made)).credential_id


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(raw: bytes) -> None:
    device = SoftPasskey.made(CREATE, alg=-8)
    made = attestation(device.attest(CREATE, HOW))
    spoilt = Attestation(
        credential_id=made.credential_id, client_data=made.client_data, attestation_object=raw
    )

    with pytest.raises(PasskeyInvalidError):
        VERIFIER.created(spoilt)
    with pytest.raises(PasskeyInvalidError):
        VERIFIER.challenge_of(raw)


@pytest.mark.parametrize("value", [None, 7, True, [], {}, "", "null", "https://evil.example"])
@pytest.mark.parametrize("name", ["type", "origin"])
def test_client_data_of_another_form_is_refused(name: str, value: object) -> None:
    with pytest.raises(PasskeyInvalidError):
        stored(SoftPasskey.made(CREATE, alg=-8), HOW.but(client_data={name: value}))


@pytest.mark.parametrize("value", [True, None, 0, "false", {}])
def test_only_what_is_said_to_be_in_no_frame_is_accepted(value: object) -> None:
    with pytest.raises(PasskeyInvalidError):
        stored(SoftPasskey.made(CREATE, alg=-8), HOW.but(client_data={"crossOrigin": value}))


def test_cbor_is_not_read_beyond_its_end() -> None:
    whole = cbor.encode({"fmt": "none", "attStmt": {}, "authData": b""})

    for raw in (whole, whole + b"\0"):
        with pytest.raises(PasskeyInvalidError):
            VERIFIER.created(
                Attestation(
                    credential_id=b"",
                    client_data=HOW.said("webauthn.create", CREATE),
                    attestation_object=raw,
                )
            )
