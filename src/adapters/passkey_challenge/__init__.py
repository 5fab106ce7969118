"""Challenges of passkeys that authenticate themselves."""

from latchkey.adapters.passkey_challenge.codec import HmacPasskeyChallengeCodec

__all__ = ["HmacPasskeyChallengeCodec"]
