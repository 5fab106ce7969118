"""HKDF, the HMAC-based key derivation function."""

import hashlib
import hmac


def hkdf_sha256(secret: bytes, *, salt: bytes = b"", info: bytes) -> bytes:
    """Derive one key from a secret.

    Keys with different `info` reveal nothing about each other or about the secret. The function
    adds no entropy, so the secret must have enough.

    Args:
        secret: The input keying material.
        salt: Need not be secret; may be empty.
        info: Names the purpose of the key.

    Returns:
        32 bytes, the first block of the output keying material.

    Source: RFC 5869, section 2.
    """
    pseudorandom_key = hmac.digest(salt, secret, hashlib.sha256)
    return hmac.digest(pseudorandom_key, info + b"\x01", hashlib.sha256)
