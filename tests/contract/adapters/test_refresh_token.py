"""Refresh tokens under an HMAC, with one secret and during a rotation."""

import pytest

from latchkey.adapters.refresh_token import HmacRefreshTokenCodec
from latchkey.testing.ports.refresh_token_codec import RefreshTokenCodecSuite
from token_keys import refresh_keys

_OURS, _OLD, _FOREIGN = (bytes([letter]) * 32 for letter in b"uof")


@pytest.fixture(params=[[_OURS], [_OURS, _OLD]], ids=["one secret", "two secrets"])
def codec(request: pytest.FixtureRequest) -> HmacRefreshTokenCodec:
    return HmacRefreshTokenCodec(refresh_keys(*request.param))


@pytest.fixture
def foreign_codec() -> HmacRefreshTokenCodec:
    return HmacRefreshTokenCodec(refresh_keys(_FOREIGN))


class TestHmacRefreshTokenCodec(RefreshTokenCodecSuite):
    pass
