"""The outer form of an access token: which header, which key, which signature."""

import base64
import hashlib
import hmac
import json
from typing import Final

import jwt

from latchkey.domain.sessions.errors import AccessTokenInvalidError

_ALGORITHM: Final = "HS256"
_TYPE: Final = "at+jwt"
_KEY_ID_LABEL: Final = b"latchkey access token key id"
_KEY_ID_BYTES: Final = 9
_HS256: Final = jwt.get_algorithm_by_name(_ALGORITHM)


class Signer:
    """Signs payloads with one key: HS256, and always the same header.

    Attributes:
        header: The first segment of every token that this key signs. As the header's three
            members are constants of the key, so is their spelling.

    Source: RFC 7515, section 7.1 (compact form); RFC 7518, section 3.2 (key length); RFC 9068,
    section 2.1 (`at+jwt`).
    """

    __slots__ = ("_key", "header")

    def __init__(self, secret: str | bytes) -> None:
        """Prepare a key.

        Args:
            secret: 32 bytes or more, not a public key nor a JWK in disguise.

        Raises:
            ValueError: It is shorter.
            jwt.InvalidKeyError: It is a key of another kind.
        """
        self._key: bytes = _HS256.prepare_key(secret)
        if _HS256.check_key_length(self._key):
            raise ValueError("a secret for access tokens must have 32 bytes or more")
        members = {"alg": _ALGORITHM, "kid": _key_id(self._key), "typ": _TYPE}
        self.header = base64url(json.dumps(members, separators=(",", ":")).encode())

    def sign(self, payload: bytes) -> bytes:
        """Make the compact form of a payload."""
        signing_input = self.header + b"." + base64url(payload)
        return signing_input + b"." + self._signature(signing_input)

    def open(self, encoded: bytes) -> bytes:
        """Give the payload of a token that this key has signed.

        The signature is compared as text with the only spelling it can have, so that padding,
        unused bits and foreign characters need no rule of their own.

        Raises:
            AccessTokenInvalidError: Another signature, or an alien spelling of the payload.
        """
        signing_input, _, signature = encoded.rpartition(b".")
        if not hmac.compare_digest(self._signature(signing_input), signature):
            raise AccessTokenInvalidError
        segment = signing_input[len(self.header) + 1 :]
        payload = _decode(segment)
        if base64url(payload) != segment:
            raise AccessTokenInvalidError
        return payload

    def _signature(self, signing_input: bytes) -> bytes:
        return base64url(_HS256.sign(signing_input, self._key))


def base64url(data: bytes) -> bytes:
    """Spell bytes in the URL-safe alphabet, without padding.

    Source: RFC 7515, section 2.
    """
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _decode(segment: bytes) -> bytes:
    try:
        return base64.urlsafe_b64decode(segment + b"=" * (-len(segment) % 4))
    except ValueError:
        raise AccessTokenInvalidError from None


def _key_id(key: bytes) -> str:
    digest = hmac.digest(key, _KEY_ID_LABEL, hashlib.sha256)
    return base64url(digest[:_KEY_ID_BYTES]).decode()
