"""Codecs, a token, and whoever writes tokens by hand."""

import base64
import hmac
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from latchkey.adapters.refresh_token import HmacRefreshTokenCodec
from latchkey.domain.sessions.errors import RefreshTokenInvalidError
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session_id import SessionId
from latchkey.testing.frozen_clock import START
from token_keys import refresh_keys

SECRET: Final = b"a secret of more than thirty-two bytes"
CONTEXT: Final = "latchkey|test"
TOKEN: Final = RefreshToken(
    session_id=SessionId(UUID("0198c0de-0000-7000-8000-00000000abcd")),
    generation=7,
    expires_at=datetime(2026, 4, 1, tzinfo=UTC),
    secret=bytes(range(16)),
)
_BODY: Final = 43  # bytes before the MAC


def codec(*secrets: bytes, context: str = CONTEXT) -> HmacRefreshTokenCodec:
    return HmacRefreshTokenCodec(refresh_keys(*secrets, context=context))


def refuses(codec: HmacRefreshTokenCodec, encoded: str) -> bool:
    try:
        codec.decode(encoded, START)
    except RefreshTokenInvalidError:
        return True
    return False


def hkdf(secret: bytes, info: bytes) -> bytes:
    return hmac.digest(hmac.digest(b"", secret, "sha256"), info + b"\x01", "sha256")


def forged(body: bytes, key: bytes | None = None, label: bytes = b"refresh/v1") -> str:
    """Write any body, by default with the real key and label."""
    key = key or hkdf(SECRET, b"refresh-mac/v1|" + CONTEXT.encode())
    return base64.urlsafe_b64encode(body + hmac.digest(key, label + body, "sha256")).decode()


def body(encoded: str) -> bytes:
    return base64.urlsafe_b64decode(encoded)[:_BODY]
