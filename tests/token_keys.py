"""Keys of tokens and second factors, made from secrets. The first signs, all verify."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from latchkey.adapters.keys import (
    HmacKey,
    KeySet,
    access_key,
    factor_key,
    link_key,
    passkey_challenge_key,
    refresh_key,
)
from latchkey.adapters.keys.ed25519_key import Ed25519Key


def access_keys(*secrets: bytes) -> KeySet:
    return KeySet.in_order([access_key(secret) for secret in secrets])


def refresh_keys(*secrets: bytes, context: str = "latchkey|test") -> list[HmacKey]:
    return [refresh_key(secret, context) for secret in secrets]


def link_keys(*secrets: bytes, context: str = "latchkey|test") -> list[HmacKey]:
    return [link_key(secret, context) for secret in secrets]


def factor_keys(*secrets: bytes, context: str = "latchkey|test") -> list[HmacKey]:
    return [factor_key(secret, context) for secret in secrets]


def ed25519(seed: bytes) -> Ed25519Key:
    """Make the same key of the same 32 bytes."""
    return Ed25519Key.holding(Ed25519PrivateKey.from_private_bytes(seed))


def passkey_challenge_keys(*secrets: bytes, context: str = "latchkey|test") -> list[HmacKey]:
    return [passkey_challenge_key(secret, context) for secret in secrets]
