"""A MAC inside a token, so that a forgery costs no more than an HMAC."""

import hmac
from collections.abc import Iterable
from typing import Final

from latchkey.adapters.jwt.base64url import base64url
from latchkey.adapters.keys.key import SigningKey

_BYTES: Final = 16  # of the MAC
_OPENING: Final = b',"mac":"'
_CLOSING: Final = b'"}'
_LENGTH: Final = len(_OPENING) + 22 + len(_CLOSING)


class Guard:
    """Adds the claim `mac` to a payload, and checks it before a signature is verified.

    To verify the signature of a key pair takes many times as long as an HMAC, and the header
    of a token is public. Without the claim, anybody could make the service verify signatures at
    any rate. It must be the last claim, since what comes before it is what the MAC is of. Other
    services ignore the claim, as they do all that they do not know (RFC 7519, section 4).

    The MAC does not replace the signature: a token needs both. Nor does it help against those who
    have had a token: its payload with another signature passes the MAC, so the signature is
    verified, as that of a new token is.
    """

    __slots__ = ("_keys",)

    def __init__(self, keys: Iterable[SigningKey]) -> None:
        """Use these keys: the first makes MACs, all of them check."""
        self._keys = tuple(keys)

    def add(self, header: bytes, payload: bytes) -> bytes:
        """Return a payload, a JSON object with members, with the claim as its last one."""
        return payload[:-1] + _claim(self._keys[0], header, payload)

    def passes(self, header: bytes, payload: bytes) -> bool:
        """Return whether a payload ends with the claim that one of the keys makes for it."""
        end = len(payload) - _LENGTH
        if end < 0:
            return False
        bare, given = payload[:end] + b"}", payload[end:]
        return any(hmac.compare_digest(_claim(key, header, bare), given) for key in self._keys)


def _claim(key: SigningKey, header: bytes, payload: bytes) -> bytes:
    mac = key.sign(header + b"." + payload)[:_BYTES]
    return _OPENING + base64url(mac) + _CLOSING
