"""Access tokens as JWTs, under one secret and during a rotation."""

from datetime import timedelta
from typing import Final

import pytest

from latchkey.adapters.jwt import JwtTokenService
from latchkey.testing.ports import TokenServiceSuite

_OURS, _OLD, _FOREIGN = (bytes([letter]) * 32 for letter in b"uof")
_LIFETIME: Final = timedelta(minutes=15)


@pytest.fixture(params=[[_OURS], [_OURS, _OLD]], ids=["one secret", "two secrets"])
def tokens(request: pytest.FixtureRequest) -> JwtTokenService:
    return JwtTokenService(request.param, "latchkey", "latchkey", _LIFETIME)


@pytest.fixture
def foreign_tokens() -> JwtTokenService:
    return JwtTokenService([_FOREIGN], "latchkey", "latchkey", _LIFETIME)


class TestJwtTokenService(TokenServiceSuite):
    pass
