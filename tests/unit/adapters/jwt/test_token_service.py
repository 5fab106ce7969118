"""The service's time, keys and secrets."""

from datetime import timedelta
from typing import NoReturn

import pytest

from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.jwt.compact import CompactForm
from latchkey.adapters.keys import refresh_secret
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.testing.frozen_clock import START
from token_keys import access_keys
from unit.adapters.jwt.forged_claims import LIFETIME
from unit.adapters.jwt.forger import SECRET, Genuine, signed

OLD, NEW, FOREIGN = (bytes([letter]) * 32 for letter in b"onf")
NOW = START.replace(microsecond=0)
SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)


def _service(*secrets: bytes, lifetime: timedelta = LIFETIME) -> JwtTokenService:
    return JwtTokenService(access_keys(*secrets), "latchkey", "latchkey", lifetime)


def _refuses(service: JwtTokenService, encoded: str) -> bool:
    try:
        service.verify(encoded, START)
    except AccessTokenInvalidError:
        return True
    return False


def test_a_token_lives_until_its_expiry_to_the_microsecond(
    service: JwtTokenService, principal: Principal
) -> None:
    token = service.issue(principal, NOW).encoded

    assert service.verify(token, NOW + LIFETIME - MICROSECOND) == principal
    with pytest.raises(AccessTokenInvalidError):
        service.verify(token, NOW + LIFETIME)


def test_what_resembles_a_token_that_was_read_is_refused(
    service: JwtTokenService, principal: Principal
) -> None:
    token = service.issue(principal, START).encoded
    service.verify(token, START)

    read = [
        at
        for at, character in enumerate(token)
        if not _refuses(service, token[:at] + chr(ord(character) ^ 1) + token[at + 1 :])
    ]

    assert read == []


def test_forgeries_push_no_token_out_of_memory(
    principal: Principal, genuine: Genuine, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = JwtTokenService(access_keys(SECRET), "latchkey", "latchkey", LIFETIME, remembered=1)
    forgery = f"{genuine.encoded[:-4]}AAAA"
    service.verify(genuine.encoded, START)

    refused = [_refuses(service, forgery) for _ in range(3)]

    monkeypatch.setattr(CompactForm, "open", _unreadable)
    assert refused == [True, True, True]
    assert service.verify(genuine.encoded, START) == principal


def _unreadable(_: CompactForm, __: bytes) -> NoReturn:
    raise AccessTokenInvalidError


@pytest.mark.requirement("AT-7")
def test_a_token_of_a_replica_five_seconds_ahead_is_read(
    service: JwtTokenService, principal: Principal
) -> None:
    token = service.issue(principal, NOW).encoded

    assert service.verify(token, NOW - 5 * SECOND) == principal
    with pytest.raises(AccessTokenInvalidError):
        service.verify(token, NOW - 5 * SECOND - MICROSECOND)


def test_a_token_is_read_from_its_nbf_on(
    service: JwtTokenService, principal: Principal, genuine: Genuine
) -> None:
    token = genuine.with_claims(nbf=genuine.claims["iat"] + 60)

    assert service.verify(token, NOW + 60 * SECOND) == principal
    with pytest.raises(AccessTokenInvalidError):
        service.verify(token, NOW + 54 * SECOND)


@pytest.mark.requirement("AT-7")
def test_a_token_issued_under_a_longer_lifetime_is_refused(principal: Principal) -> None:
    token = _service(SECRET, lifetime=LIFETIME + SECOND).issue(principal, START).encoded

    assert _refuses(_service(SECRET, lifetime=LIFETIME), token)
    assert not _refuses(_service(SECRET, lifetime=LIFETIME + SECOND), token)


def test_the_clock_of_the_machine_is_never_asked(
    service: JwtTokenService, principal: Principal
) -> None:
    for years in (-50, 50):
        now = NOW + timedelta(days=365 * years)

        assert service.verify(service.issue(principal, now).encoded, now) == principal


def test_two_tokens_of_one_instant_differ(service: JwtTokenService, principal: Principal) -> None:
    first, second = (Genuine(service.issue(principal, NOW).encoded) for _ in range(2))

    assert first.claims["jti"] != second.claims["jti"]


@pytest.mark.requirement("AT-18")
def test_a_secret_is_rolled_out_and_the_old_one_dropped_without_refusing_a_token(
    principal: Principal,
) -> None:
    only_old, learning, switched = _service(OLD), _service(OLD, NEW), _service(NEW, OLD)
    only_new = _service(NEW)
    steps = [(only_old, learning), (learning, switched), (switched, only_new)]

    refused = [
        _refuses(reader, writer.issue(principal, START).encoded)
        for before, after in steps
        for writer, reader in ((before, after), (after, before), (before, before), (after, after))
    ]

    # What the old secret signed is still read until it is dropped, its lifetime after the switch.
    assert refused == [False] * len(refused)


def test_the_first_secret_signs_and_the_others_verify(principal: Principal) -> None:
    both = _service(NEW, OLD)

    signed_by = {
        secret: not _refuses(_service(secret), both.issue(principal, START).encoded)
        for secret in (NEW, OLD)
    }

    assert signed_by == {NEW: True, OLD: False}
    assert not _refuses(both, _service(OLD).issue(principal, START).encoded)


def test_a_foreign_secret_is_refused_by_a_list(principal: Principal) -> None:
    token = _service(FOREIGN).issue(principal, START).encoded

    assert _refuses(_service(NEW, OLD), token)


@pytest.mark.requirement("AT-11")
def test_no_key_is_tried_but_the_one_that_the_header_names(principal: Principal) -> None:
    both = _service(NEW, OLD)
    of_new, of_old = (
        Genuine(_service(secret).issue(principal, START).encoded) for secret in (NEW, OLD)
    )

    crossed = signed(f"{of_old.segments[0]}.{of_new.segments[1]}", NEW)

    assert _refuses(both, crossed)


@pytest.mark.requirement("AT-3")
def test_the_key_of_refresh_tokens_signs_no_access_token(genuine: Genuine) -> None:
    derived = refresh_secret(SECRET)

    forgery = genuine.with_header(genuine.header, derived)

    assert _refuses(_service(SECRET), forgery)
    assert _refuses(_service(SECRET), _service(derived).issue(_anyone(genuine), START).encoded)


def _anyone(genuine: Genuine) -> Principal:
    return _service(SECRET).verify(genuine.encoded, START)


def test_a_header_stays_the_same_from_release_to_release(genuine: Genuine) -> None:
    # {"alg":"HS256","kid":"ePgMRWC-PpgJ","typ":"at+jwt"}: replicas of two releases agree on it.
    assert genuine.segments[0] == (
        "eyJhbGciOiJIUzI1NiIsImtpZCI6ImVQZ01SV0MtUHBnSiIsInR5cCI6ImF0K2p3dCJ9"
    )


def test_no_secret_is_shown(service: JwtTokenService, principal: Principal) -> None:
    token = service.issue(principal, START)

    shown = f"{service!r} {service} {token!r} {token} {vars(service)!r}"

    assert SECRET.decode() not in shown
    assert token.encoded not in shown
