"""Each broken adapter, bound to the suite that has to catch it; for `test_suites_catch.py`."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Final

import pytest

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.adapters.factor_keys import HmacFactorKeys
from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.link_token import HmacLinkTokenCodec
from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.memory.sessions.takeovers import MemoryTakeovers
from latchkey.adapters.passkey_challenge import HmacPasskeyChallengeCodec
from latchkey.adapters.refresh_token import HmacRefreshTokenCodec
from latchkey.adapters.system import SystemClock
from latchkey.adapters.webauthn import Fido2PasskeyVerifier
from latchkey.adapters.zxcvbn import ZxcvbnPasswordBlocklist
from latchkey.domain.accounts.password import Password, PasswordHash
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.ports.passkey_verifier import ORIGIN, RP_ID
from latchkey.testing.ports.takeovers import TakeOver
from token_keys import access_keys, link_keys, passkey_challenge_keys, refresh_keys
from token_keys import factor_keys as keys_of_factors
from unit.testing.broken.faults import FAULTS

OURS, FOREIGN = (bytes([letter]) * 32 for letter in b"uf")
LIFETIME: Final = timedelta(minutes=15)

globals().update({name: fault.bound(name) for name, fault in FAULTS.items()})


@pytest.fixture(autouse=True)
def _broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (
        "factors",
        "last_admin",
        "links",
        "session_races",
        "user_changes",
        "user_erasure",
        "user_links",
    ):  # races in memory are always the same
        monkeypatch.setattr(f"latchkey.testing.ports.{module}.ROUNDS", 2)
    fault = request.cls.fault
    for name, method in fault.methods.items():
        monkeypatch.setattr(fault.owner, name, method)


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage(FrozenClock())


@pytest.fixture
def take_over(storage: MemoryStorage) -> TakeOver:
    async def take_over() -> None:
        takeovers = storage.takeovers
        assert isinstance(takeovers, MemoryTakeovers)
        takeovers.copy += 1

    return take_over


@pytest.fixture
def tokens() -> JwtTokenService:
    return JwtTokenService(access_keys(OURS), "latchkey", "latchkey", LIFETIME)


@pytest.fixture
def tokens_elsewhere() -> JwtTokenService:
    return JwtTokenService(access_keys(OURS), "latchkey", "elsewhere", LIFETIME)


@pytest.fixture
def foreign_tokens() -> JwtTokenService:
    return JwtTokenService(access_keys(FOREIGN), "latchkey", "latchkey", LIFETIME)


@pytest.fixture
def codec() -> HmacRefreshTokenCodec:
    return HmacRefreshTokenCodec(refresh_keys(OURS))


@pytest.fixture
def foreign_codec() -> HmacRefreshTokenCodec:
    return HmacRefreshTokenCodec(refresh_keys(FOREIGN))


@pytest.fixture
def link_codec() -> HmacLinkTokenCodec:
    return HmacLinkTokenCodec(link_keys(OURS))


@pytest.fixture
def foreign_link_codec() -> HmacLinkTokenCodec:
    return HmacLinkTokenCodec(link_keys(FOREIGN))


@pytest.fixture
def factor_keys() -> HmacFactorKeys:
    return HmacFactorKeys(keys_of_factors(OURS))


@pytest.fixture
def foreign_factor_keys() -> HmacFactorKeys:
    return HmacFactorKeys(keys_of_factors(FOREIGN))


@pytest.fixture
def challenge_codec() -> HmacPasskeyChallengeCodec:
    return HmacPasskeyChallengeCodec(passkey_challenge_keys(OURS))


@pytest.fixture
def foreign_challenge_codec() -> HmacPasskeyChallengeCodec:
    return HmacPasskeyChallengeCodec(passkey_challenge_keys(FOREIGN))


@pytest.fixture
def passkey_verifier() -> Fido2PasskeyVerifier:
    return Fido2PasskeyVerifier(RP_ID, ORIGIN.__eq__)


@pytest.fixture
def hasher() -> Iterator[BcryptPasswordHasher]:
    with closing(BcryptPasswordHasher(rounds=5, workers=1, queue=8)) as hasher:
        yield hasher


@pytest.fixture(scope="session")
async def outdated_hash() -> PasswordHash:
    with closing(BcryptPasswordHasher(rounds=4, workers=1, queue=8)) as weaker:
        return await weaker.hash(Password("correct horse"))


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


@pytest.fixture
def blocklist() -> ZxcvbnPasswordBlocklist:
    return ZxcvbnPasswordBlocklist()
