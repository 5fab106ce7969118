"""Secrets of second factors under an HMAC, with one secret and during a rotation."""

import pytest

from latchkey.adapters.factor_keys import HmacFactorKeys
from latchkey.testing.ports import FactorKeysSuite
from token_keys import factor_keys as keys_of

_OURS, _OLD, _FOREIGN = (bytes([letter]) * 32 for letter in b"uof")


@pytest.fixture(params=[[_OURS], [_OURS, _OLD]], ids=["one secret", "two secrets"])
def factor_keys(request: pytest.FixtureRequest) -> HmacFactorKeys:
    return HmacFactorKeys(keys_of(*request.param))


@pytest.fixture
def foreign_factor_keys() -> HmacFactorKeys:
    return HmacFactorKeys(keys_of(_FOREIGN))


class TestHmacFactorKeys(FactorKeysSuite):
    pass
