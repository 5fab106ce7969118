"""Access tokens as JWTs: under one secret, during a rotation, and with a private key."""

from datetime import datetime, timedelta
from typing import Final

import pytest

from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.keys import KeySet, PrivateKey, access_key, guard_key
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.adapters.keys.rsa_key import RsaKey
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports import TokenServiceSuite
from token_keys import access_keys, ed25519

_OURS, _OLD, _FOREIGN = (bytes([letter]) * 32 for letter in b"uof")
_LIFETIME: Final = timedelta(minutes=15)


def _after_a_secret(*starts: tuple[PrivateKey, datetime]) -> KeySet:
    retired, guard = access_key(_OURS), guard_key(_OURS, "latchkey|test")
    kept = _LIFETIME + timedelta(seconds=5)
    return KeySet.in_turns(starts, kept=kept, also=[retired.verifying], guards=[guard])


@pytest.fixture(
    params=[
        pytest.param(access_keys(_OURS), id="one secret"),
        pytest.param(access_keys(_OURS, _OLD), id="two secrets"),
        pytest.param(KeySet.in_order([ed25519(_OURS)]), id="a private key"),
        pytest.param(_after_a_secret((ed25519(_OURS), ALWAYS)), id="a private key after a secret"),
        pytest.param(_after_a_secret((P256Key.generate(), ALWAYS)), id="ES256"),
        pytest.param(
            _after_a_secret((RsaKey.generate(), ALWAYS), (P256Key.generate(), START)),
            id="ES256 since now, RS256 before",
        ),
    ]
)
def tokens(request: pytest.FixtureRequest) -> JwtTokenService:
    return JwtTokenService(request.param, "latchkey", "latchkey", _LIFETIME)


@pytest.fixture
def tokens_elsewhere(request: pytest.FixtureRequest) -> JwtTokenService:
    keys = request.node.callspec.params["tokens"]
    return JwtTokenService(keys, "latchkey", "elsewhere", _LIFETIME)


@pytest.fixture
def foreign_tokens() -> JwtTokenService:
    return JwtTokenService(access_keys(_FOREIGN), "latchkey", "latchkey", _LIFETIME)


class TestJwtTokenService(TokenServiceSuite):
    pass
