"""A service, a token of it, and what the service makes of any other."""

import pytest

from latchkey.adapters.jwt import JwtTokenService
from latchkey.domain.sessions.access_token import Principal
from latchkey.testing.factories import PrincipalFactory
from latchkey.testing.frozen_clock import START
from token_keys import access_keys
from unit.adapters.jwt.forged_claims import LIFETIME
from unit.adapters.jwt.forger import SECRET, Genuine


@pytest.fixture(scope="package")
def service() -> JwtTokenService:
    return JwtTokenService(access_keys(SECRET), "latchkey", "latchkey", LIFETIME)


@pytest.fixture(scope="package")
def principal() -> Principal:
    return PrincipalFactory.build()


@pytest.fixture(scope="package")
def genuine(service: JwtTokenService, principal: Principal) -> Genuine:
    return Genuine(service.issue(principal, START).encoded)
