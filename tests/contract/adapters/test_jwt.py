"""Access tokens as JWTs: under one secret, during a rotation, and with a private key."""

from datetime import timedelta
from typing import Final

import pytest

from ed25519_key import Ed25519Key
from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.keys import KeySet, VerifyingKeySet, access_key
from latchkey.testing.ports.token_service import TokenServiceSuite
from token_keys import access_keys

_OURS, _OLD, _FOREIGN = (bytes([letter]) * 32 for letter in b"uof")
_LIFETIME: Final = timedelta(minutes=15)


def _private_key_after_a_secret() -> KeySet:
    signing, retired = Ed25519Key.of(_OURS), access_key(_OURS)
    return KeySet(
        signing=signing, verifying=VerifyingKeySet([signing.verifying, retired.verifying])
    )


@pytest.fixture(
    params=[
        pytest.param(access_keys(_OURS), id="one secret"),
        pytest.param(access_keys(_OURS, _OLD), id="two secrets"),
        pytest.param(KeySet.in_order([Ed25519Key.of(_OURS)]), id="a private key"),
        pytest.param(_private_key_after_a_secret(), id="a private key after a secret"),
    ]
)
def tokens(request: pytest.FixtureRequest) -> JwtTokenService:
    return JwtTokenService(request.param, "latchkey", "latchkey", _LIFETIME)


@pytest.fixture
def foreign_tokens() -> JwtTokenService:
    return JwtTokenService(access_keys(_FOREIGN), "latchkey", "latchkey", _LIFETIME)


class TestJwtTokenService(TokenServiceSuite):
    pass
