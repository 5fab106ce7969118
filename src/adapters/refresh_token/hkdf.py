"""HKDF, the HMAC-based key derivation function."""

import hashlib
import hmac


def hkdf_sha256(secret: bytes, *, salt: bytes = b"", info: bytes) -> bytes:
    """Derive one key from a secret.

    Keys for different `info` tell nothing about each other nor about the secret. No entropy is
    added: the secret must have enough of its own.

    Args:
        secret: The input keying material.
        salt: Not secret; may be empty.
        info: What the key is for.

    Returns:
        32 bytes, the first block of the output keying material.

    Source: RFC 5869, section 2.
    """
    pseudorandom_key = hmac.digest(salt, secret, hashlib.sha256)
    return hmac.digest(pseudorandom_key, info + b"\x01", hashlib.sha256)
