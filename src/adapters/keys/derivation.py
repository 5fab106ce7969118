"""Every key that is made from a configured secret, each with a label of its own.

A label is part of the contract between releases: if it changed, the tokens and pseudonyms of the
previous release would become invalid. No two keys share a label, so no key reveals anything about
another.
"""

import base64
import hashlib
import hmac
from typing import Final

from latchkey.adapters.keys.hkdf import hkdf_sha256
from latchkey.adapters.keys.hmac_key import HmacKey

_ACCESS_KEY_ID: Final = b"latchkey access token key id"
_ACCESS_KEY_ID_BYTES: Final = 9  # 12 characters of base64url, without padding
_REFRESH_SECRET: Final = b"latchkey/refresh-secret/v1"
_REFRESH_MAC: Final = "refresh-mac/v1"
_REFRESH_KEY_ID: Final = "refresh-key-id/v1"
_PSEUDONYM: Final = "audit-pseudonym/v1"
_DEVICE_MAC: Final = "device-mac/v1"
_REMEMBERED_MAC: Final = "remembered-device-mac/v1"
_LINK_MAC: Final = "link-mac/v1"
_LINK_KEY_ID: Final = "link-key-id/v1"
_CHALLENGE_MAC: Final = "challenge-mac/v1"
_PASSKEY_MAC: Final = "passkey-challenge-mac/v1"
_FACTOR: Final = "second-factor/v1"
_FACTOR_KEY_ID: Final = "second-factor-key-id/v1"
_GUARD: Final = "access-guard/v1"


def access_key(secret: bytes) -> HmacKey:
    """Return the key that signs access tokens.

    The key is the secret itself and not derived from it, because other services verify with the
    secret and their libraries derive nothing. Only the `kid` is derived.

    Args:
        secret: 32 bytes or more, neither a public key nor a JWK.

    Raises:
        ValueError: The secret is shorter than 32 bytes.
        jwt.InvalidKeyError: The secret is a key of another kind.
    """
    digest = hmac.digest(secret, _ACCESS_KEY_ID, hashlib.sha256)[:_ACCESS_KEY_ID_BYTES]
    return HmacKey.of(secret, kid=base64.urlsafe_b64encode(digest).decode())


def refresh_secret(access_secret: bytes) -> bytes:
    """Derive the secret for refresh tokens, if only the one for access tokens is configured.

    Returns:
        32 bytes that reveal nothing about the secret for access tokens.
    """
    return hkdf_sha256(access_secret, info=_REFRESH_SECRET)


def refresh_key(secret: bytes, context: str) -> HmacKey:
    """Derive the key that authenticates refresh tokens.

    Its `kid` is one byte in hexadecimal, and is derived like the key. So processes that list the
    same secrets in another order agree about it, and a new secret can be rolled out one process at
    a time. Two secrets have the same `kid` with a probability of 1 in 256.

    Args:
        secret: 32 bytes or more.
        context: Names the installation, such as issuer and environment. Another installation
            derives other keys from the same secret.

    Raises:
        ValueError: The secret is shorter than 32 bytes.
    """
    if len(secret) < 32:
        raise ValueError("a secret for refresh tokens must have 32 bytes or more")
    kid = _derived(secret, _REFRESH_KEY_ID, context)[:1].hex()
    return HmacKey.of(_derived(secret, _REFRESH_MAC, context), kid=kid)


def device_key(secret: bytes, context: str) -> HmacKey:
    """Derive the key that authenticates device tokens.

    Args:
        secret: That of refresh tokens, 32 bytes or more.
        context: Names the installation, as for `refresh_key`.
    """
    return HmacKey.of(_derived(secret, _DEVICE_MAC, context), kid="device")


def remembered_device_key(secret: bytes, context: str) -> HmacKey:
    """Derive the key that authenticates the tokens of remembered devices.

    Args:
        secret: That of refresh tokens, 32 bytes or more.
        context: Names the installation, as for `refresh_key`.
    """
    return HmacKey.of(_derived(secret, _REMEMBERED_MAC, context), kid="remembered")


def link_key(secret: bytes, context: str) -> HmacKey:
    """Derive the key that authenticates the tokens of links.

    Its `kid` is one byte in hexadecimal, derived like that of `refresh_key`.

    Args:
        secret: That of refresh tokens, 32 bytes or more.
        context: Names the installation, as for `refresh_key`.
    """
    kid = _derived(secret, _LINK_KEY_ID, context)[:1].hex()
    return HmacKey.of(_derived(secret, _LINK_MAC, context), kid=kid)


def challenge_key(secret: bytes, context: str) -> HmacKey:
    """Derive the key that authenticates challenges for a second factor.

    Args:
        secret: That of refresh tokens, 32 bytes or more.
        context: Names the installation, as for `refresh_key`.
    """
    return HmacKey.of(_derived(secret, _CHALLENGE_MAC, context), kid="challenge")


def passkey_challenge_key(secret: bytes, context: str) -> HmacKey:
    """Derive the key that authenticates the challenges that passkeys sign.

    Args:
        secret: That of refresh tokens, 32 bytes or more.
        context: Names the installation, as for `refresh_key`.
    """
    return HmacKey.of(_derived(secret, _PASSKEY_MAC, context), kid="passkey")


def factor_key(secret: bytes, context: str) -> HmacKey:
    """Derive the key that the secrets of second factors are computed with.

    Its `kid` is eight bytes in hexadecimal, so that two secrets never have the same.

    Args:
        secret: One for second factors alone, 32 bytes or more.
        context: Names the environment. Another one derives other keys from the same secret.
    """
    kid = _derived(secret, _FACTOR_KEY_ID, context)[:8].hex()
    return HmacKey.of(_derived(secret, _FACTOR, context), kid=kid)


def pseudonym_key(secret: bytes, context: str) -> bytes:
    """Derive the key for pseudonyms in the audit log.

    Args:
        secret: The secret of refresh tokens, 32 bytes or more.
        context: Names the installation, as for `refresh_key`.

    Returns:
        32 bytes.
    """
    return _derived(secret, _PSEUDONYM, context)


def guard_key(secret: bytes, context: str) -> HmacKey:
    """Derive the key of the MAC inside access tokens that a public key verifies.

    Args:
        secret: That of refresh tokens, 32 bytes or more.
        context: Names the installation, as for `refresh_key`.
    """
    return HmacKey.of(_derived(secret, _GUARD, context), kid="guard")


def _derived(secret: bytes, label: str, context: str) -> bytes:
    return hkdf_sha256(secret, info=f"{label}|{context}".encode())
