"""Exactly the keys of a set verify, the first of a list signs, and what verifies cannot sign."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.adapters.keys import HmacKey, KeySet, SigningKey, Turn, VerifyingKeySet
from latchkey.testing.frozen_clock import START
from token_keys import ed25519

_KEYS: Final[list[SigningKey]] = [
    *(HmacKey.of(bytes([letter]) * 32, f"hmac {letter}") for letter in b"abc"),
    *(ed25519(bytes([letter]) * 32) for letter in b"abc"),
]
_LISTS: Final = st.lists(st.sampled_from(_KEYS), min_size=1, unique_by=id)
_ANY: Final = st.sampled_from(_KEYS)


def _verifies(keys: VerifyingKeySet, kid: str, message: bytes, signature: bytes) -> bool:
    key = keys.find(kid)
    return key is not None and key.verify(message, signature)


@given(_LISTS, _ANY, st.binary())
def test_exactly_the_keys_of_a_set_verify(
    members: list[SigningKey], signer: SigningKey, message: bytes
) -> None:
    keys = KeySet.in_order(members)

    is_verified = _verifies(keys.verifying, signer.verifying.kid, message, signer.sign(message))

    assert is_verified == (signer in members)


@given(_LISTS, _ANY, _ANY, st.binary())
def test_a_signature_is_good_under_the_kid_of_its_key_only(
    members: list[SigningKey], signer: SigningKey, named: SigningKey, message: bytes
) -> None:
    keys = KeySet.in_order(members)

    is_verified = _verifies(keys.verifying, named.verifying.kid, message, signer.sign(message))

    assert is_verified == (signer is named and signer in members)


@given(_LISTS)
def test_the_first_of_a_list_signs_and_the_order_is_kept(members: list[SigningKey]) -> None:
    keys = KeySet.in_order(members)

    assert keys.signing_at(START) is members[0]
    assert list(keys.verifying) == [key.verifying for key in members]


@given(_LISTS)
def test_nothing_in_a_set_that_verifies_can_sign(members: list[SigningKey]) -> None:
    verifying = KeySet.in_order(members).verifying

    able = [key for key in (verifying, *verifying) if hasattr(key, "sign")]

    assert able == []
    with pytest.raises(AttributeError, match="signing"):
        _ = verifying.signing  # type: ignore[attr-defined]


@given(_LISTS, _ANY)
def test_what_signs_must_be_among_what_verifies(
    members: list[SigningKey], signing: SigningKey
) -> None:
    verifying = VerifyingKeySet(key.verifying for key in members)

    if signing in members:
        keys = KeySet(turns=(Turn(key=signing),), verifying=verifying)
        assert keys.signing_at(START) is signing
    else:
        with pytest.raises(ValueError, match="not among those that verify"):
            KeySet(turns=(Turn(key=signing),), verifying=verifying)


def test_a_key_that_signs_must_be_the_one_of_its_name() -> None:
    ours, namesake = (HmacKey.of(secret * 32, "name") for secret in (b"o", b"n"))

    with pytest.raises(ValueError, match="not among those that verify"):
        KeySet(turns=(Turn(key=ours),), verifying=VerifyingKeySet([namesake.verifying]))


def test_two_keys_of_one_name_are_refused() -> None:
    first, second = (HmacKey.of(secret * 32, "name") for secret in (b"f", b"s"))

    with pytest.raises(ValueError, match="two keys have the kid name"):
        KeySet.in_order([first, second])


def test_a_set_without_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match="needs one that signs"):
        KeySet.in_order([])
