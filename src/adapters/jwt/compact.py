"""The compact form of an access token: header, payload and signature in base64url."""

import json
from binascii import a2b_base64, b2a_base64
from typing import Final

from latchkey.adapters.keys.key import VerifyingKey
from latchkey.adapters.keys.key_set import KeySet
from latchkey.domain.sessions.errors import AccessTokenInvalidError

_TYPE: Final = "at+jwt"

# `binascii` and not `base64`, whose functions make ten more calls for each token that is rejected.
_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")
_STANDARD: Final = bytes.maketrans(b"-_", b"+/")


class CompactForm:
    """Signs payloads with one key of a set, and opens what any key of the set signed.

    All tokens of a key have the same header, so the header of a token is looked up and never
    parsed. Headers belong to this class and not to the keys, because a header says what kind of
    token it is for.

    Source: RFC 7515, section 7.1 (compact form); RFC 9068, section 2.1 (`at+jwt`).
    """

    __slots__ = ("_header", "_keys", "_signing")

    def __init__(self, keys: KeySet) -> None:
        """Compute the header of each key."""
        self._signing = keys.signing
        self._header = _header(keys.signing.verifying)
        self._keys = {_header(key): key for key in keys.verifying}

    def sign(self, payload: bytes) -> bytes:
        """Return the signed token of a payload."""
        signing_input = self._header + b"." + _base64url(payload)
        return signing_input + b"." + _base64url(self._signing.sign(signing_input))

    def open(self, encoded: bytes) -> bytes:
        """Verify the signature of a token and return its payload.

        Raises:
            AccessTokenInvalidError: The header is not that of any key, the key did not make the
                signature, or a segment is not in canonical base64url.
        """
        header = encoded.partition(b".")[0]
        key = self._keys.get(header)
        if key is None:
            raise AccessTokenInvalidError
        signing_input, _, signature = encoded.rpartition(b".")
        if not key.verify(signing_input, _decoded(signature)):
            raise AccessTokenInvalidError
        return _decoded(signing_input[len(header) + 1 :])


def _header(key: VerifyingKey) -> bytes:
    members = {"alg": key.alg, "kid": key.kid, "typ": _TYPE}
    return _base64url(json.dumps(members, separators=(",", ":")).encode())


def _base64url(data: bytes) -> bytes:
    return b2a_base64(data, newline=False).translate(_URL_SAFE).rstrip(b"=")


def _decoded(segment: bytes) -> bytes:
    """Decode a segment; reject any spelling of its bytes but the canonical one (RFC 7515)."""
    try:
        data = a2b_base64(segment.translate(_STANDARD) + b"=" * (-len(segment) % 4))
    except ValueError:
        raise AccessTokenInvalidError from None
    if _base64url(data) != segment:
        raise AccessTokenInvalidError
    return data
