"""Refresh tokens that can be verified without any storage."""

from latchkey.adapters.refresh_token.codec import HmacRefreshTokenCodec

__all__ = ["HmacRefreshTokenCodec"]
