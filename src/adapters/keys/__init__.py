"""Keys as objects: what signs, what only verifies, and how keys are derived from secrets."""

from latchkey.adapters.keys.derivation import (
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
from latchkey.adapters.keys.hmac_key import HmacKey
from latchkey.adapters.keys.key import PrivateKey, PublicKey, SigningKey, VerifyingKey
from latchkey.adapters.keys.key_set import KeySet, Turn, VerifyingKeySet

__all__ = [
    "HmacKey",
    "KeySet",
    "PrivateKey",
    "PublicKey",
    "SigningKey",
    "Turn",
    "VerifyingKey",
    "VerifyingKeySet",
    "access_key",
    "challenge_key",
    "device_key",
    "factor_key",
    "guard_key",
    "link_key",
    "passkey_challenge_key",
    "pseudonym_key",
    "refresh_key",
    "refresh_secret",
    "remembered_device_key",
]
