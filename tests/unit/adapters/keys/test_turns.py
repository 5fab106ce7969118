"""Keys that take turns: one signs at each instant, and each is published around its turn."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from latchkey.adapters.keys import HmacKey, KeySet
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.testing.frozen_clock import START
from token_keys import access_keys, ed25519

KEYS: Final = [ed25519(bytes([number]) * 32) for number in range(6)]
KEPT: Final = timedelta(minutes=15, seconds=5)


def _naive(day: int) -> datetime:
    return datetime(2026, 1, day)  # noqa: DTZ001 - hypothesis adds the zone


_INSTANTS: Final = st.datetimes(_naive(1), _naive(3), timezones=st.just(UTC))
_STARTS: Final = st.lists(_INSTANTS, min_size=1, max_size=len(KEYS), unique=True)


def _set(starts: list[datetime]) -> KeySet:
    return KeySet.in_turns(zip(KEYS, starts, strict=False), kept=KEPT)


@given(_STARTS, _INSTANTS)
def test_the_key_signs_that_started_last(starts: list[datetime], now: datetime) -> None:
    signing = _set(starts).signing_at(now)

    started = [start for start in starts if start <= now]
    assert signing is KEYS[starts.index(max(started) if started else min(starts))]


@given(_STARTS, _INSTANTS)
def test_a_key_is_published_until_its_last_token_has_expired(
    starts: list[datetime], now: datetime
) -> None:
    published = _set(starts).published_at(now)

    ends = {start: after + KEPT for start, after in pairwise(sorted(starts))}
    expected = {
        KEYS[place].verifying
        for place, start in enumerate(starts)
        if start not in ends or now < ends[start]
    }
    assert set(published) == expected


@given(_STARTS, _INSTANTS, st.timedeltas(timedelta(0), KEPT - timedelta(microseconds=1)))
def test_what_has_signed_lately_is_published_and_accepted(
    starts: list[datetime], now: datetime, later: timedelta
) -> None:
    keys = _set(starts)
    signer = keys.signing_at(now).verifying

    assert signer in keys.published_at(now + later)
    until = keys.accepted_until(signer)
    assert until is None or now + later < until


@given(_STARTS, _INSTANTS)
def test_the_last_key_is_published_for_good(starts: list[datetime], now: datetime) -> None:
    last = KEYS[starts.index(max(starts))].verifying

    assert last in _set(starts).published_at(now + timedelta(days=10_000))


def test_a_key_that_only_verifies_is_neither_published_nor_given_an_end() -> None:
    secret = HmacKey.of(b"s" * 32, "secret")

    keys = KeySet.in_turns([(KEYS[0], ALWAYS)], kept=KEPT, also=[secret.verifying])

    assert keys.published_at(START) == (KEYS[0].verifying,)
    assert keys.verifying.find("secret") is secret.verifying
    assert keys.accepted_until(secret.verifying) is None


def test_secrets_are_never_published() -> None:
    keys = access_keys(b"s" * 32, b"t" * 32)

    assert (keys.published_at(START), keys.is_public) == ((), False)
