"""Challenges that authenticate themselves."""

from latchkey.adapters.challenge_token.codec import HmacPendingSignInCodec

__all__ = ["HmacPendingSignInCodec"]
