"""Refresh tokens that can be told from forgeries without any storage."""

from latchkey.adapters.refresh_token.codec import HmacRefreshTokenCodec

__all__ = ["HmacRefreshTokenCodec"]
