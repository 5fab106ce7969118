"""Challenges of passkeys under an HMAC, with one secret and during a rotation."""

import pytest

from latchkey.adapters.passkey_challenge import HmacPasskeyChallengeCodec
from latchkey.testing.ports import PasskeyChallengeCodecSuite
from token_keys import passkey_challenge_keys

_OURS, _OLD, _FOREIGN = (bytes([letter]) * 32 for letter in b"uof")


@pytest.fixture(params=[[_OURS], [_OURS, _OLD]], ids=["one secret", "two secrets"])
def challenge_codec(request: pytest.FixtureRequest) -> HmacPasskeyChallengeCodec:
    return HmacPasskeyChallengeCodec(passkey_challenge_keys(*request.param))


@pytest.fixture
def foreign_challenge_codec() -> HmacPasskeyChallengeCodec:
    return HmacPasskeyChallengeCodec(passkey_challenge_keys(_FOREIGN))


class TestHmacPasskeyChallengeCodec(PasskeyChallengeCodecSuite):
    pass
