"""Keys of access and refresh tokens, made from secrets. The first signs, all verify."""

from latchkey.adapters.keys import HmacKey, KeySet, access_key, refresh_key


def access_keys(*secrets: bytes) -> KeySet:
    return KeySet.in_order([access_key(secret) for secret in secrets])


def refresh_keys(*secrets: bytes, context: str = "latchkey|test") -> list[HmacKey]:
    return [refresh_key(secret, context) for secret in secrets]
