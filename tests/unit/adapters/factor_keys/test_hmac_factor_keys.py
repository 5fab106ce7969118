"""How secrets of second factors depend on their keys."""

import hashlib
from typing import Final
from uuid import UUID

import pytest

from latchkey.adapters.factor_keys import HmacFactorKeys
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.errors import SecondFactorsDisabledError
from latchkey.domain.factors.factor import TotpSeed
from latchkey.domain.factors.recovery_code import RecoveryCode
from token_keys import factor_keys

OLD, NEW = (bytes([letter]) * 32 for letter in b"on")
USER: Final = UserId(UUID("01890000-0000-7000-8000-000000000001"))
CODE: Final = RecoveryCode("0123456789ab")


def keys(*secrets: bytes, context: str = "latchkey|test") -> HmacFactorKeys:
    return HmacFactorKeys(factor_keys(*secrets, context=context))


def test_a_release_computes_what_the_one_before_it_did() -> None:
    seed = TotpSeed(key_id=keys(OLD).new_seed().key_id, nonce=bytes(range(16)))

    secret = keys(OLD).totp_secret(USER, seed)

    assert (seed.key_id, secret and secret.hex()) == (
        "a976c999a932dd95",
        "68a4d296a2064eece23e9a6e0ac524abedf16cd3",
    )
    assert [each.hex() for each in keys(OLD).recovery_hashes(USER, CODE)] == [
        "61b9f288965a41ec6cd2cf3748e73a6bd863b015f1bb216b1bb29815819c5365"
    ]


def test_factors_outlive_a_rotation_until_their_key_is_dropped() -> None:
    seed = keys(OLD).new_seed()
    secret = keys(OLD).totp_secret(USER, seed)
    (stored,) = keys(OLD).recovery_hashes(USER, CODE)

    for rotated in (keys(OLD, NEW), keys(NEW, OLD)):
        assert rotated.totp_secret(USER, seed) == secret
        assert stored in rotated.recovery_hashes(USER, CODE)
    assert keys(NEW).totp_secret(USER, seed) is None
    assert stored not in keys(NEW).recovery_hashes(USER, CODE)


def test_the_first_key_makes_what_is_new() -> None:
    for both in (keys(NEW, OLD), keys(NEW)):
        assert both.new_seed().key_id == keys(NEW).new_seed().key_id
        assert both.recovery_hashes(USER, CODE)[0] == keys(NEW).recovery_hashes(USER, CODE)[0]


def test_another_installation_with_the_same_secret_has_other_keys() -> None:
    seed = keys(OLD).new_seed()

    assert keys(OLD, context="elsewhere").totp_secret(USER, seed) is None


def test_no_hash_without_a_key_gives_what_is_stored() -> None:
    (stored,) = keys(OLD).recovery_hashes(USER, CODE)
    texts = (CODE.reveal(), CODE.shown(), CODE.reveal().upper())

    assert stored not in {hashlib.sha256(text.encode()).digest() for text in texts}


def test_without_a_key_nothing_new_is_made_and_nothing_stored_is_worth_anything() -> None:
    with pytest.raises(SecondFactorsDisabledError):
        keys().new_seed()

    assert keys().totp_secret(USER, keys(OLD).new_seed()) is None
    assert keys().recovery_hashes(USER, CODE) == ()
