"""Link tokens under an HMAC, with one secret and during a rotation."""

import pytest

from latchkey.adapters.link_token import HmacLinkTokenCodec
from latchkey.testing.ports import LinkTokenCodecSuite
from token_keys import link_keys

_OURS, _OLD, _FOREIGN = (bytes([letter]) * 32 for letter in b"uof")


@pytest.fixture(params=[[_OURS], [_OURS, _OLD]], ids=["one secret", "two secrets"])
def link_codec(request: pytest.FixtureRequest) -> HmacLinkTokenCodec:
    return HmacLinkTokenCodec(link_keys(*request.param))


@pytest.fixture
def foreign_link_codec() -> HmacLinkTokenCodec:
    return HmacLinkTokenCodec(link_keys(_FOREIGN))


class TestHmacLinkTokenCodec(LinkTokenCodecSuite):
    pass
