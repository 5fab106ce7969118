"""Base64url in its one spelling."""

from binascii import a2b_base64, b2a_base64
from typing import Final

from latchkey.domain.sessions.errors import AccessTokenInvalidError

# `binascii` and not `base64`, whose functions make ten more calls for each token that is rejected.
_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")
_STANDARD: Final = bytes.maketrans(b"-_", b"+/")


def base64url(data: bytes) -> bytes:
    """Return bytes in base64url, without padding (RFC 7515, section 2)."""
    return b2a_base64(data, newline=False).translate(_URL_SAFE).rstrip(b"=")


def decoded(segment: bytes) -> bytes:
    """Decode a segment, and reject every way to write the same bytes but the one of RFC 7515.

    Raises:
        AccessTokenInvalidError: It is spelled in another way.
    """
    try:
        data = a2b_base64(segment.translate(_STANDARD) + b"=" * (-len(segment) % 4))
    except ValueError:
        raise AccessTokenInvalidError from None
    if base64url(data) != segment:
        raise AccessTokenInvalidError
    return data
