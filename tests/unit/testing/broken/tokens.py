"""Tokens, hashes, clocks and lists of words that are too trusting, or tell too much."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from typing import Any, Final
from uuid import UUID

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.refresh_token import HmacRefreshTokenCodec
from latchkey.adapters.system import SystemClock
from latchkey.adapters.zxcvbn import ZxcvbnPasswordBlocklist
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.sessions.access_token import AccessToken, Principal
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.domain.sessions.session_id import SessionId
from latchkey.testing.ports import (
    ClockSuite,
    PasswordBlocklistSuite,
    PasswordHasherSuite,
    RefreshTokenCodecSuite,
    TokenServiceSuite,
)
from token_keys import access_keys
from unit.testing.broken.fault import Fault

Method = Callable[..., Any]
ISSUE, VERIFY = JwtTokenService.issue, JwtTokenService.verify
EXCHANGE: Final = JwtTokenService.exchange
ENCODE, DECODE = HmacRefreshTokenCodec.encode, HmacRefreshTokenCodec.decode
HASH, CHECK = BcryptPasswordHasher.hash, BcryptPasswordHasher.verify
STRAY: Final = " \n\0=."
_LIFETIME: Final = timedelta(minutes=15)
MICROSECOND: Final = timedelta(microseconds=1)
AGES_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_ticks: Final = count()


def _claims_of(encoded: str) -> Any:
    payload = encoded.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def _verify_without_signature(_self: Any, encoded: str, now: datetime) -> Principal:
    try:
        claims = _claims_of(encoded)
        assert now.timestamp() < claims["exp"]
        return Principal(
            id=UserId(UUID(claims["sub"])),
            email=claims["email"],
            role=Role(claims["role"]),
            session_id=SessionId(UUID(claims["sid"])),
        )
    except Exception:  # noqa: BLE001 - whatever is wrong with it
        raise AccessTokenInvalidError from None


def _verify_at_issue(self: Any, encoded: str, now: datetime) -> Principal:
    try:
        now = datetime.fromtimestamp(_claims_of(encoded)["iat"], UTC)
    except Exception:  # noqa: BLE001 - whatever is wrong with it
        raise AccessTokenInvalidError from None
    return VERIFY(self, encoded, now)


def _verify_carelessly(self: Any, encoded: str, now: datetime) -> Principal:
    _claims_of(encoded)
    return VERIFY(self, encoded, now)


def _issued(
    change: Callable[[Any], Any], then: Callable[[Any], Any] = lambda token: token
) -> Method:
    def issue(self: Any, principal: Principal, now: datetime) -> AccessToken:
        token: AccessToken = then(ISSUE(self, change(principal), now))
        return token

    return issue


def _issue_equally(self: Any, principal: Principal, now: datetime) -> AccessToken:
    kept: dict[Any, AccessToken] = vars(self).setdefault("kept", {})
    return kept.setdefault((principal, now), ISSUE(self, principal, now))


def _exchange_for_a_whole_lifetime(
    self: Any, encoded: str, audience: str, now: datetime
) -> AccessToken:
    for_elsewhere = type(self)(access_keys(b"u" * 32), "latchkey", audience, _LIFETIME)
    token: AccessToken = ISSUE(for_elsewhere, VERIFY(self, encoded, now), now)
    return token


def _token_faults() -> Iterator[Fault]:
    def broken(name: str, **methods: Method) -> Fault:
        return Fault.of(f"AccessTokens{name}", TokenServiceSuite, JwtTokenService, **methods)

    yield broken("AreNotVerified", verify=_verify_without_signature)
    yield broken("NeverExpire", verify=_verify_at_issue)
    yield broken(
        "ExpireLate", verify=lambda self, encoded, now: VERIFY(self, encoded, now - MICROSECOND)
    )
    yield broken(
        "AreStripped", verify=lambda self, encoded, now: VERIFY(self, encoded.strip(STRAY), now)
    )
    yield broken("FailOtherwise", verify=_verify_carelessly)
    yield broken("MakeAdmins", issue=_issued(lambda each: replace(each, role=Role.ADMIN)))
    yield broken(
        "LastHalfASecond",
        issue=_issued(
            lambda each: each,
            lambda token: replace(token, expires_in=token.expires_in - timedelta(seconds=0.5)),
        ),
    )
    yield broken("AreAllTheSame", issue=_issue_equally)
    yield broken("AreProlonged", exchange=_exchange_for_a_whole_lifetime)
    yield broken(
        "AreExchangedForThemselves",
        exchange=lambda self, encoded, _, now: ISSUE(self, VERIFY(self, encoded, now), now),
    )
    yield broken(
        "AreExchangedWhenOver",
        exchange=lambda self, encoded, audience, _: EXCHANGE(
            self, encoded, audience, datetime.fromtimestamp(_claims_of(encoded)["iat"], UTC)
        ),
    )


def _codec_faults() -> Iterator[Fault]:
    def broken(name: str, **methods: Method) -> Fault:
        return Fault.of(
            f"RefreshTokens{name}", RefreshTokenCodecSuite, HmacRefreshTokenCodec, **methods
        )

    yield broken("NeverExpire", decode=lambda self, encoded, _: DECODE(self, encoded, AGES_AGO))
    yield broken(
        "ExpireLate", decode=lambda self, encoded, now: DECODE(self, encoded, now - MICROSECOND)
    )
    yield broken(
        "AreStripped", decode=lambda self, encoded, now: DECODE(self, encoded.strip(STRAY), now)
    )
    yield broken(
        "LoseTheGeneration", encode=lambda self, token: ENCODE(self, token.with_generation(0))
    )
    yield broken(
        "FoldCase", decode=lambda self, encoded, now: DECODE(self, encoded.swapcase(), now)
    )


def _checked(change: Callable[[str], str]) -> Iterator[tuple[str, Method]]:
    async def hash_changed(self: Any, password: Password) -> Any:
        return await HASH(self, Password(change(password.reveal())))

    async def verify_changed(self: Any, password: Password, expected: Any) -> Any:
        return await CHECK(self, Password(change(password.reveal())), expected)

    yield "hash", hash_changed
    yield "verify", verify_changed


async def _admit_without_hash(self: Any, password: Password, expected: Any) -> bool:
    return expected is None or await CHECK(self, password, expected)


async def _wait_for_ever(self: Any, password: Password, expected: Any) -> bool:
    return False if expected is None else await CHECK(self, password, expected)


def _hasher_faults() -> Iterator[Fault]:
    def broken(name: str, methods: dict[str, Method]) -> Fault:
        return Fault.of(f"Hashes{name}", PasswordHasherSuite, BcryptPasswordHasher, **methods)

    yield broken("CutAt72", dict(_checked(lambda text: text[:72])))
    yield broken("FoldCase", dict(_checked(str.lower)))
    yield broken("Strip", dict(_checked(str.strip)))
    yield broken("AreNotNeeded", {"verify": _admit_without_hash})
    yield broken("AreNeverRefused", {"verify": _wait_for_ever})
    yield broken("AreNeverOutdated", {"is_outdated": lambda _self, _stored, _password: False})
    yield broken("AreAlwaysOutdated", {"is_outdated": lambda _self, _stored, _password: True})


def _clock_faults() -> Iterator[Fault]:
    def broken(name: str, now: Method) -> Fault:
        return Fault.of(f"TheClock{name}", ClockSuite, SystemClock, now=now)

    yield broken("IsNaive", lambda _: datetime.now())  # noqa: DTZ005 - the fault
    yield broken("IsElsewhere", lambda _: datetime.now(timezone(timedelta(hours=1))))
    yield broken("GoesBack", lambda _: AGES_AGO - next(_ticks) * MICROSECOND)


def _blocklist_faults() -> Iterator[Fault]:
    def broken(name: str, contains: Method) -> Fault:
        return Fault.of(
            f"TheBlocklist{name}",
            PasswordBlocklistSuite,
            ZxcvbnPasswordBlocklist,
            contains=contains,
        )

    contains = ZxcvbnPasswordBlocklist.contains
    yield broken("IsEmpty", lambda _self, _password: False)
    yield broken("HasEverything", lambda _self, _password: True)
    yield broken(
        "KnowsOneCase", lambda self, password: password.islower() and contains(self, password)
    )


def faults() -> Iterator[Fault]:
    """Break what has no storage behind it."""
    yield from _token_faults()
    yield from _codec_faults()
    yield from _hasher_faults()
    yield from _clock_faults()
    yield from _blocklist_faults()
