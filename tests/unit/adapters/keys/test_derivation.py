"""Which keys are made from a secret: the same in each release, and each another one."""

import base64
import hmac
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from latchkey.adapters.keys import (
    access_key,
    challenge_key,
    device_key,
    factor_key,
    guard_key,
    link_key,
    passkey_challenge_key,
    pseudonym_key,
    refresh_key,
    refresh_secret,
    remembered_device_key,
)

SECRET: Final = b"a secret of more than thirty-two bytes"
CONTEXT: Final = "latchkey|test"
_SECRETS: Final = st.binary(min_size=32, max_size=64)


def _hkdf(secret: bytes, info: bytes) -> bytes:
    return hmac.digest(hmac.digest(b"", secret, "sha256"), info + b"\x01", "sha256")


def _mac(key: bytes, message: bytes = b"message") -> bytes:
    return hmac.digest(key, message, "sha256")


def test_the_key_of_access_tokens_is_the_secret_itself() -> None:
    key = access_key(SECRET)
    kid = base64.urlsafe_b64encode(_mac(SECRET, b"latchkey access token key id")[:9]).decode()

    assert (key.sign(b"message"), key.verifying.alg) == (_mac(SECRET), "HS256")
    assert key.verifying.kid == kid == "ePgMRWC-PpgJ"


def test_the_key_of_refresh_tokens_is_that_of_the_contract() -> None:
    key = refresh_key(SECRET, CONTEXT)

    assert key.sign(b"message") == _mac(_hkdf(SECRET, b"refresh-mac/v1|latchkey|test"))
    assert key.verifying.kid == _hkdf(SECRET, b"refresh-key-id/v1|latchkey|test")[:1].hex() == "8e"


def test_other_keys_are_those_of_the_contract() -> None:
    assert refresh_secret(SECRET) == _hkdf(SECRET, b"latchkey/refresh-secret/v1")
    assert pseudonym_key(SECRET, CONTEXT) == _hkdf(SECRET, b"audit-pseudonym/v1|latchkey|test")


@pytest.mark.requirement("AT-3")
@given(_SECRETS, st.text(max_size=20))
def test_no_two_purposes_share_a_key(secret: bytes, context: str) -> None:
    derived = (
        *(refresh_key, device_key, remembered_device_key, link_key, challenge_key),
        *(passkey_challenge_key, factor_key, guard_key),
    )
    signatures = [
        access_key(secret).sign(b"message"),
        refresh_key(refresh_secret(secret), context).sign(b"message"),
        _mac(refresh_secret(secret)),
        _mac(pseudonym_key(secret, context)),
        *(key(secret, context).sign(b"message") for key in derived),
    ]

    assert len(set(signatures)) == len(signatures) == 12


@pytest.mark.requirement("AT-3")
@given(_SECRETS, st.text(max_size=20), st.text(max_size=20))
def test_another_installation_has_other_keys(secret: bytes, context: str, other: str) -> None:
    assume(context != other)

    assert refresh_key(secret, context).sign(b"") != refresh_key(secret, other).sign(b"")
    assert pseudonym_key(secret, context) != pseudonym_key(secret, other)


@pytest.mark.parametrize("derive", [access_key, lambda secret: refresh_key(secret, CONTEXT)])
def test_a_secret_of_31_bytes_is_refused(derive: type) -> None:
    derive(b"s" * 32)
    with pytest.raises(ValueError, match="32 bytes"):
        derive(b"s" * 31)
