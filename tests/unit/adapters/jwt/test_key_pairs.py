"""Access tokens that others verify: whose turn it is, the MAC inside, and the cost of a forgery."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.keys import (
    KeySet,
    PrivateKey,
    PublicKey,
    SigningKey,
    VerifyingKey,
    access_key,
    guard_key,
)
from latchkey.adapters.keys.key_pairs import PRIVATE
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.domain.factors.authentication import Means
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.testing.frozen_clock import START
from unit.adapters.jwt.forged_claims import LIFETIME
from unit.adapters.jwt.forger import SECRET, base64url, dumped, unbase64url

SECOND: Final = timedelta(seconds=1)
KEPT: Final = LIFETIME + 5 * SECOND
FIRST, SECOND_KEY, FOREIGN = (PRIVATE["ES256"].generate() for _ in range(3))
GUARD, OTHER_GUARD = (guard_key(secret * 32, "latchkey|test") for secret in (b"g", b"o"))
TURN: Final = START + timedelta(hours=1)


def _service(
    *starts: tuple[PrivateKey, datetime],
    guards: Sequence[SigningKey] = (GUARD,),
    also: Sequence[VerifyingKey] = (),
) -> JwtTokenService:
    keys = KeySet.in_turns(starts or [(FIRST, ALWAYS)], kept=KEPT, guards=guards, also=also)
    return JwtTokenService(keys, "latchkey", "latchkey", LIFETIME)


def _rotating() -> JwtTokenService:
    return _service((FIRST, ALWAYS), (SECOND_KEY, TURN))


def _refuses(service: JwtTokenService, token: str, now: datetime = START) -> bool:
    try:
        service.verify(token, now)
    except AccessTokenInvalidError:
        return True
    return False


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, payload = (json.loads(unbase64url(part)) for part in token.split(".")[:2])
    return header, payload


def _signed(token: str, payload: bytes, key: PrivateKey = FIRST) -> str:
    """Sign another payload with the right key."""
    signing_input = f"{token.split('.', maxsplit=1)[0]}.{base64url(payload)}"
    return f"{signing_input}.{base64url(key.sign(signing_input.encode()))}"


def test_a_token_has_what_other_services_ask_for(principal: Principal) -> None:
    header, claims = _parts(_service().issue(principal, START).encoded)

    assert header == {"alg": "ES256", "kid": FIRST.verifying.kid, "typ": "at+jwt"}
    assert list(claims)[-1] == "mac"
    assert claims["client_id"] == "latchkey"
    assert claims["auth_time"] == int(START.timestamp())


def test_a_token_says_that_a_second_factor_was_proven(principal: Principal) -> None:
    proven = replace(principal, means=Means.PASSWORD_AND_CODE)

    _, claims = _parts(_service().issue(proven, START).encoded)

    assert (claims["acr"], claims["amr"]) == ("aal2", ["pwd", "otp", "mfa"])


def test_a_key_begins_to_sign_at_its_start(principal: Principal) -> None:
    service = _rotating()

    kids = [
        _parts(service.issue(principal, now).encoded)[0]["kid"]
        for now in (START, TURN - timedelta(microseconds=1), TURN, TURN + LIFETIME)
    ]

    first, second = FIRST.verifying.kid, SECOND_KEY.verifying.kid
    assert kids == [first, first, second, second]


@pytest.mark.requirement("AT-18")
def test_no_token_is_refused_while_a_key_takes_over(principal: Principal) -> None:
    service = _rotating()
    instants = [TURN + step * SECOND for step in range(-2_000, 2_000, 7)]
    tokens = [(now, service.issue(principal, now).encoded) for now in instants]

    refused = [
        now
        for now, token in tokens
        for later in (timedelta(0), LIFETIME - SECOND)
        if _refuses(service, token, now + later)
    ]

    assert refused == []


def test_a_key_that_is_over_verifies_nothing_more(principal: Principal) -> None:
    service, thief = _rotating(), _service()
    end = TURN + KEPT
    late = thief.issue(principal, end - SECOND).encoded

    assert not _refuses(service, late, end - SECOND)
    assert _refuses(service, late, end)  # although it is remembered, and has not expired
    assert _refuses(_rotating(), thief.issue(principal, end).encoded, end)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda claims: {**claims, "role": "ADMIN"},
        lambda claims: {name: value for name, value in claims.items() if name != "mac"},
        lambda claims: {"mac": claims["mac"], **claims},
        lambda claims: {**claims, "mac": "A" * 22},
        lambda claims: {**claims, "mac": None},
        lambda claims: {**claims, "last": 1},
        lambda _: {},
    ],
    ids=["changed", "without", "not last", "another", "null", "followed", "empty"],
)
def test_a_payload_without_the_right_mac_is_refused_whatever_its_signature(
    principal: Principal, spoil: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    service = _service()
    token = service.issue(principal, START).encoded
    claims = _parts(token)[1]

    forgery = _signed(token, dumped(spoil(claims)))

    assert not _refuses(service, _signed(token, dumped(claims)))
    assert _refuses(service, forgery)


def test_the_mac_is_that_of_its_header(principal: Principal) -> None:
    both = _service((FIRST, ALWAYS), (SECOND_KEY, TURN))
    first, second = (both.issue(principal, now).encoded for now in (START, TURN))

    crossed = _signed(second, unbase64url(first.split(".")[1]), SECOND_KEY)

    assert _refuses(both, crossed)


def test_keys_of_the_mac_are_rotated_like_those_of_refresh_tokens(principal: Principal) -> None:
    before, after = _service(guards=[GUARD]), _service(guards=[OTHER_GUARD, GUARD])
    dropped = _service(guards=[OTHER_GUARD])
    old, new = (service.issue(principal, START).encoded for service in (before, after))

    assert not _refuses(after, old)
    assert _refuses(before, new)
    assert _refuses(dropped, old)


@pytest.mark.requirement("AT-22")
def test_a_mac_replaces_no_signature(principal: Principal) -> None:
    thief = _service((FOREIGN, ALWAYS))
    genuine, foreign = (each.issue(principal, START).encoded for each in (_service(), thief))
    header, payload, _ = genuine.split(".")

    forgeries = [
        f"{header}.{payload}.{foreign.split('.')[2]}",
        f"{header}.{payload}.",
        _signed(genuine, unbase64url(payload), FOREIGN),
    ]

    assert [_refuses(_service(), forgery) for forgery in forgeries] == [True] * 3


@pytest.mark.requirement("AT-1", "AT-19")
def test_a_public_key_is_no_secret(principal: Principal) -> None:
    """All texts that an attacker can make a key of, with the algorithms that take one."""
    secret = access_key(SECRET)
    service = _service(also=[secret.verifying])
    genuine = service.issue(principal, START).encoded
    public = FIRST.verifying
    pem = public.pem
    texts = [
        pem,
        pem.rstrip(),
        base64.b64decode(b"".join(pem.splitlines()[1:-1])),
        json.dumps(dict(public.jwk)).encode(),
        public.kid.encode(),
        public.jwk["x"].encode(),
        unbase64url(public.jwk["x"]),
    ]

    forgeries = [
        _hmac(genuine, text, {"alg": alg, "kid": kid, "typ": "at+jwt"})
        for text in texts
        for alg in ("HS256", "ES256")
        for kid in (public.kid, secret.verifying.kid)
    ]

    assert [forgery for forgery in forgeries if not _refuses(service, forgery)] == []


def _hmac(token: str, key: bytes, header: dict[str, str]) -> str:
    signing_input = f"{base64url(dumped(header))}.{token.split('.')[1]}"
    mac = hmac.digest(key, signing_input.encode(), hashlib.sha256)
    return f"{signing_input}.{base64url(mac)}"


@pytest.mark.requirement("AT-22")
@pytest.mark.parametrize("alg", PRIVATE)
def test_of_a_forgery_no_signature_is_verified(
    principal: Principal, alg: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = PRIVATE[alg].generate()
    service = _service((key, ALWAYS))
    genuine = service.issue(principal, START).encoded
    header, payload, signature = genuine.split(".")
    foreign = _service((key, ALWAYS), guards=(OTHER_GUARD,)).issue(principal, START).encoded
    payloads: tuple[dict[str, Any], ...] = (
        {"sub": "x" * 400},
        {**_parts(genuine)[1], "role": "ADMIN"},
        {},
        {"mac": "A" * 22},
    )
    forgeries = [f"{header}.{base64url(dumped(forged))}.{signature}" for forged in payloads]
    verified: list[bytes] = []
    verify: Callable[..., bool] = type(key.verifying).verify

    def noting(self: PublicKey, message: bytes, given: bytes) -> bool:
        verified.append(message)
        return verify(self, message, given)

    monkeypatch.setattr(type(key.verifying), "verify", noting)

    assert [_refuses(service, forgery) for forgery in (*forgeries, foreign)] == [True] * 5
    assert verified == []
    assert not _refuses(service, genuine)
    assert verified == [f"{header}.{payload}".encode()]
