"""Refresh tokens that can be told from forgeries without any storage."""

from latchkey.adapters.refresh_token.codec import HmacRefreshTokenCodec
from latchkey.adapters.refresh_token.hkdf import hkdf_sha256
from latchkey.adapters.refresh_token.keys import derived_refresh_secret

__all__ = ["HmacRefreshTokenCodec", "derived_refresh_secret", "hkdf_sha256"]
